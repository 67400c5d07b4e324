import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TLSSocket, connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type StagedServer, ask, stagedServer } from './stage.ts';

let folder: string;
const open: StagedServer[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-exporter-tls-'));
  makeCertificate('server', 'DNS:localhost,IP:127.0.0.1');
  makeCertificate('renewed', 'DNS:localhost,IP:127.0.0.1');
  makeCertificate('prometheus', 'DNS:prometheus.example,URI:spiffe://cluster/prometheus,IP:10.1.2.3');
  makeCertificate('stranger', 'DNS:stranger.example');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A self-signed certificate, fresh for this run: nothing secret is committed and nothing expires. */
function makeCertificate(name: string, altNames: string): void {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${altNames}`];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...curve, ...files, ...subject], {
    stdio: 'pipe',
  });
}

const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');

async function serve(lines = ''): Promise<StagedServer> {
  const webConfigFile = join(folder, 'web.yml');
  writeFileSync(
    webConfigFile,
    `tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n${lines}`,
  );
  const server = await stagedServer({ webConfigFile });
  open.push(server);
  return server;
}

const client = (name: string): { cert: string; key: string; ca: string } => ({
  cert: pem(`${name}.crt`),
  key: pem(`${name}.key`),
  ca: pem('server.crt'),
});

const REFUSED = /ECONNRESET|socket hang up|alert|EPIPE/i;

describe('TLS by a web configuration', () => {
  it('serves over https and not in clear text', async () => {
    const { url, port } = await serve();
    expect(url).toMatch(/^https:/);
    expect((await ask(`${url}/-/healthy`, { ca: pem('server.crt') })).status).toBe(200);
    await expect(ask(`http://127.0.0.1:${port}/-/healthy`)).rejects.toThrow();
  });

  it('takes no version below the smallest allowed', async () => {
    const { url } = await serve('  min_version: TLS13\n');
    const old = ask(`${url}/-/healthy`, { ca: pem('server.crt'), maxVersion: 'TLSv1.2' });
    await expect(old).rejects.toThrow(/protocol version|alert/i);
  });

  it('presents a renewed certificate to the next connection', async () => {
    const { url } = await serve();
    const ca = [pem('server.crt'), pem('renewed.crt')];
    const seen = async (): Promise<string> => {
      const { port } = new URL(url);
      const socket = await new Promise<TLSSocket>((resolve, reject) => {
        const one = connect({ port: Number(port), host: '127.0.0.1', ca }, () => resolve(one)).on(
          'error',
          reject,
        );
      });
      const name = socket.getPeerCertificate().subject.CN;
      socket.destroy();
      return String(name);
    };
    expect(await seen()).toBe('server');
    const kept = { crt: pem('server.crt'), key: pem('server.key') };
    for (const end of ['crt', 'key']) {
      writeFileSync(join(folder, `next.${end}`), pem(`renewed.${end}`));
      renameSync(join(folder, `next.${end}`), join(folder, `server.${end}`));
    }
    expect(await seen()).toBe('renewed');
    writeFileSync(join(folder, 'server.crt'), kept.crt);
    writeFileSync(join(folder, 'server.key'), kept.key);
  });

  it('refuses with 500 to go on when TLS is switched on, off, or to other clients while running', async () => {
    const webConfigFile = join(folder, 'switched.yml');
    const withTls = 'tls_server_config: { cert_file: server.crt, key_file: server.key';
    const problems: string[] = [];
    const status = async (before: string, after: string): Promise<number> => {
      writeFileSync(webConfigFile, before);
      const server = await stagedServer({ webConfigFile, onProblem: (problem) => problems.push(problem) });
      open.push(server);
      expect((await ask(`${server.url}/metrics`, { ca: pem('server.crt') })).status).toBe(200);
      writeFileSync(webConfigFile, after);
      return (await ask(`${server.url}/metrics`, { ca: pem('server.crt') })).status;
    };
    expect(await status('', `${withTls} }`)).toBe(500);
    expect(await status(`${withTls} }`, '')).toBe(500);
    expect(await status(`${withTls} }`, `${withTls}, client_auth_type: RequireAnyClientCert }`)).toBe(500);
    expect(problems).toHaveLength(3);
    expect(problems.join()).toMatch(/restart fal-exporter/);
  });

  it('lets in only clients with a certificate of the CA when that is required', async () => {
    const { url } = await serve(
      '  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: prometheus.crt\n',
    );
    expect((await ask(`${url}/metrics`, client('prometheus'))).status).toBe(200);
    await expect(ask(`${url}/metrics`, client('stranger'))).rejects.toThrow(REFUSED);
    await expect(ask(`${url}/metrics`, { ca: pem('server.crt') })).rejects.toThrow(REFUSED);
  });

  it('checks a certificate if one is given', async () => {
    const { url } = await serve(
      '  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: prometheus.crt\n',
    );
    expect((await ask(`${url}/metrics`, { ca: pem('server.crt') })).status).toBe(200);
    expect((await ask(`${url}/metrics`, client('prometheus'))).status).toBe(200);
    await expect(ask(`${url}/metrics`, client('stranger'))).rejects.toThrow(REFUSED);
  });

  it.each([
    ['prometheus.example', 'prometheus', true],
    ['spiffe://cluster/prometheus', 'prometheus', true],
    ['10.1.2.3', 'prometheus', true],
    ['other.example', 'prometheus', false],
    ['prometheus', 'prometheus', false],
    ['prometheus.example', 'stranger', false],
  ])('with the allowed name %s a client %s gets in: %s', async (name, who, isWelcome) => {
    const { url } = await serve(
      `  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: ["${name}"]\n`,
    );
    const answer = ask(`${url}/metrics`, client(who));
    if (isWelcome) expect((await answer).status).toBe(200);
    else await expect(answer).rejects.toThrow(REFUSED);
  });
});
