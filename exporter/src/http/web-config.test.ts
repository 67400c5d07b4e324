import { hash } from 'bcryptjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { FileSystem } from './file-system.ts';
import { type HttpServerOptions } from './server.ts';
import { type StagedServer, ask, login, stagedServer } from './stage.ts';
import { WebConfigError, WebConfigFile } from './web-config.ts';

const HASH = await hash('secret', 4);

/** A disk of a few texts; each change gives a new fingerprint. */
class FewFiles implements FileSystem {
  readonly texts = new Map<string, string>();
  reads = 0;

  fingerprint(path: string): string {
    return this.#text(path);
  }

  read(path: string): string {
    this.reads += 1;
    return this.#text(path);
  }

  #text(path: string): string {
    const text = this.texts.get(path);
    if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return text;
  }
}

function disk(text: string): FewFiles {
  const files = new FewFiles();
  files.texts.set('/etc/web.yml', text);
  return files;
}

function problemsOf(text: string): readonly string[] {
  try {
    new WebConfigFile('/etc/web.yml', disk(text)).current();
  } catch (error) {
    if (error instanceof WebConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('reading a web configuration', () => {
  it('takes users, headers and the rate', () => {
    const config = new WebConfigFile(
      '/etc/web.yml',
      disk(`basic_auth_users: { alice: "${HASH}" }
http_server_config: { http2: false, headers: { X-Frame-Options: sameorigin, Strict-Transport-Security: max-age=60 } }
rate_limit: { interval: 1m30s, burst: 20 }`),
    ).current();
    expect([...config.users]).toEqual([['alice', HASH]]);
    expect(config.headers).toEqual({
      'X-Frame-Options': 'sameorigin',
      'Strict-Transport-Security': 'max-age=60',
    });
    expect(config.rateLimit).toEqual({ intervalMs: 90_000, burst: 20 });
  });

  it('takes an empty file for one that asks for nothing', () => {
    expect(problemsOf('')).toEqual([]);
    expect(problemsOf('# nothing\n')).toEqual([]);
  });

  it('tells all problems at once, with their path, and never a secret', () => {
    const problems =
      problemsOf(`tls_server_config: { cert_file: a.crt, client_auth_type: Maybe, cipher_suites: [X] }
http_server_config: { http2: true, headers: { X-Powered-By: me, X-Frame-Options: never } }
basic_auth_users: { alice: plain-password, "a:b": "${HASH}" }
rate_limit: { interval: soon, burst: 0 }
extra: 1`).join('\n');
    for (const expected of [
      /tls_server_config\.key_file: expected the path/,
      /tls_server_config\.client_auth_type/,
      /tls_server_config\.cipher_suites: is not supported here/,
      /http_server_config\.http2: HTTP\/2 is not supported/,
      /http_server_config\.headers.*X-Powered-By/,
      /http_server_config\.headers\.X-Frame-Options/,
      /basic_auth_users\.alice: expected a bcrypt hash/,
      /basic_auth_users.*a:b/,
      /rate_limit\.interval: expected a duration/,
      /extra/,
    ]) {
      expect(problems).toMatch(expected);
    }
    expect(problems).not.toContain('plain-password');
  });

  it.each([
    ['a client CA that nothing uses', 'client_ca_file: ca.crt', /would check nobody/],
    ['a check without a CA', 'client_auth_type: RequireAndVerifyClientCert', /client_ca_file.*is needed/],
    ['names without a required certificate', 'client_allowed_sans: [a]', /client_allowed_sans: needs/],
    ['versions upside down', 'min_version: TLS13, max_version: TLS12', /is above max_version/],
  ])('refuses %s', (_name, line, expected) => {
    expect(problemsOf(`tls_server_config: { cert_file: a, key_file: b, ${line} }`).join()).toMatch(expected);
  });

  it.each([
    ['a rate that nothing could pass', 'rate_limit: { interval: 1s }', /burst/],
    [
      'a hash that would take minutes',
      `basic_auth_users: { a: "$2y$20$${'x'.repeat(53)}" }`,
      /cost from 4 to 14, got 20/,
    ],
    ['text that is no YAML', 'a: [', /not YAML/],
    ['a list', '- a', /expected object/],
    [
      'a user who would get lost on the way',
      `basic_auth_users: { __proto__: "${HASH}" }`,
      /basic_auth_users/,
    ],
  ])('refuses %s', (_name, text, expected) => {
    expect(problemsOf(text).join()).toMatch(expected);
  });

  it('looks for files beside itself and says which are missing', () => {
    const problems = problemsOf('tls_server_config: { cert_file: tls/a.crt, key_file: /keys/a.key }');
    expect(problems).toEqual([
      'tls_server_config.cert_file: cannot read /etc/tls/a.crt: no such file',
      'tls_server_config.key_file: cannot read /keys/a.key: no such file',
    ]);
  });

  it('reads again only after a change', () => {
    const files = disk(`basic_auth_users: { alice: "${HASH}" }`);
    const file = new WebConfigFile('/etc/web.yml', files);
    const first = file.current();
    expect(file.current()).toBe(first);
    expect(files.reads).toBe(1);
    files.texts.set('/etc/web.yml', '');
    expect(file.current().users.size).toBe(0);
  });
});

describe('a server with a web configuration', () => {
  const open: StagedServer[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  async function serve(files: FewFiles, options: Partial<HttpServerOptions> = {}): Promise<StagedServer> {
    const server = await stagedServer({ webConfigFile: '/etc/web.yml', files, ...options });
    open.push(server);
    return server;
  }

  it('asks for a login on every path', async () => {
    const { url } = await serve(disk(`basic_auth_users: { alice: "${HASH}" }`));
    for (const path of ['/', '/metrics', '/-/healthy', '/health/fal', '/nothing']) {
      const answer = await ask(url + path);
      expect(answer.status, path).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
    }
    expect((await ask(`${url}/metrics`, { headers: login('alice', 'secret') })).status).toBe(200);
    expect((await ask(`${url}/metrics`, { headers: login('alice', 'wrong') })).status).toBe(401);
  });

  it('answers 500 while the file is broken, says why in the log only, and recovers', async () => {
    const good = `basic_auth_users: { alice: "${HASH}" }`;
    const files = disk(good);
    const problems: string[] = [];
    const { url } = await serve(files, { onProblem: (problem) => problems.push(problem) });
    files.texts.set('/etc/web.yml', 'basic_auth_users: [');
    for (let i = 0; i < 3; i += 1) {
      const answer = await ask(`${url}/metrics`, { headers: login('alice', 'secret') });
      expect(answer.status).toBe(500);
      expect(answer.body).not.toContain('/etc');
    }
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/\/etc\/web\.yml/);
    files.texts.set('/etc/web.yml', good);
    expect((await ask(`${url}/metrics`, { headers: login('alice', 'secret') })).status).toBe(200);
    files.texts.delete('/etc/web.yml');
    expect((await ask(`${url}/metrics`, { headers: login('alice', 'secret') })).status).toBe(500);
  });

  it('does not start with a broken file', async () => {
    await expect(stagedServer({ webConfigFile: '/etc/web.yml', files: disk('a: 1') })).rejects.toThrow(
      WebConfigError,
    );
  });

  it('sets the configured headers and takes away blank ones', async () => {
    const { url } = await serve(
      disk('http_server_config: { headers: { X-Frame-Options: sameorigin, Content-Security-Policy: "" } }'),
    );
    const { headers } = await ask(`${url}/metrics`);
    expect(headers['x-frame-options']).toBe('sameorigin');
    expect(headers['content-security-policy']).toBeUndefined();
  });

  it('lets a burst through and answers 429 beyond it until time has passed', async () => {
    let now = 0;
    const clock = { now: () => now, monotonic: () => now, after: () => () => undefined };
    const { url } = await serve(disk('rate_limit: { interval: 2s, burst: 3 }'), { clock });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await ask(`${url}/-/healthy`)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    now += 2000;
    expect((await ask(`${url}/-/healthy`)).status).toBe(200);
    const again = await ask(`${url}/-/healthy`);
    expect(again.status).toBe(429);
    expect(again.headers['retry-after']).toBe('2');
    now += 3_600_000;
    const afterRest = await Promise.all(Array.from({ length: 5 }, () => ask(`${url}/-/healthy`)));
    expect(afterRest.filter(({ status }) => status === 200)).toHaveLength(3);
  });

  it('warns of a login without TLS beyond loopback', async () => {
    const { warnings } = await serve(disk(`basic_auth_users: { alice: "${HASH}" }`), {
      listen: { host: '0.0.0.0', port: 0 },
    });
    expect(warnings.join()).toMatch(/clear text/);
  });
});
