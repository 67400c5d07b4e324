import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { copiedPaths, instructionsOf, isIgnored, stagesOf } from './dockerfile.ts';
import { freePort } from './free-port.ts';
import { SHIPPED_CONFIG } from './prometheus-config.ts';

const ROOT = dirname(import.meta.dirname);
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: string | { readonly context: string; readonly dockerfile: string };
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly tmpfs: readonly string[];
  readonly mem_limit: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const composeText = read('docker-compose.yml');
const compose = parse(composeText, { merge: true }) as ComposeFile;
const services = Object.entries(compose.services);

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

/** Runs docker-compose, unaware of the developer's own keys and .env file; no engine is needed. */
async function dockerCompose(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'docker-compose',
    ['--env-file', temporaryFile('empty.env', ''), '--project-directory', ROOT, ...args],
    { cwd: ROOT, env: { PATH: process.env.PATH, ...env } },
  );
  return stdout;
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-observability-compose-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function temporaryFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('docker-compose.yml', () => {
  test('is valid, with and without the demo', async () => {
    await expect(dockerCompose(['config', '-q'])).resolves.toBe('');
    await expect(dockerCompose(['--profile', 'demo', 'config', '-q'])).resolves.toBe('');
  });

  test('would be refused with a misspelt key', async () => {
    const misspelt = temporaryFile('misspelt.yml', composeText.replace('mem_limit:', 'memory_limit:'));
    await expect(dockerCompose(['-f', misspelt, 'config', '-q'])).rejects.toThrow('memory_limit');
  });

  test('starts exporter, Prometheus, Alertmanager and Grafana; the simulator comes with the profile demo', () => {
    const profiles = services.map(([name, each]) => [name, each.profiles]);
    expect(Object.fromEntries(profiles)).toEqual({
      exporter: undefined,
      prometheus: undefined,
      alertmanager: undefined,
      grafana: undefined,
      simulator: ['demo'],
    });
  });

  test.each(services)('%s publishes its ports on this machine only', (_, { ports }) => {
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test.each(services)('%s has no root, no way to become it, and little to write to', (_, each) => {
    expect(each.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(each).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
    });
    expect(each.mem_limit).toMatch(/^\d+[mg]$/);
    for (const volume of each.volumes ?? []) {
      const [source = ''] = volume.split(':');
      expect(volume.endsWith(':ro') || source in compose.volumes, volume).toBe(true);
    }
  });

  test.each(services)('%s tells its health without a tool that its image lacks', (_, { healthcheck }) => {
    expect(healthcheck.test[0]).toBe('CMD');
    // The images of Alertmanager and Grafana have busybox and so wget; amtool has no command for health.
    expect(['node', 'promtool', 'wget']).toContain(healthcheck.test[1]);
  });

  test('holds no key: the exporter alone gets them, from the environment, empty when unset', async () => {
    expect(service('exporter').environment).toEqual({
      FAL_KEY: '${FAL_KEY:-}',
      FAL_ADMIN_KEY: '${FAL_ADMIN_KEY:-}',
      FAL_SIMULATOR_URL: '${FAL_SIMULATOR_URL:-}',
    });
    const environments = async (env: Readonly<Record<string, string>>): Promise<Record<string, unknown>> => {
      const text = await dockerCompose(['--profile', 'demo', 'config'], env);
      const resolved = parse(text) as ComposeFile;
      const given = Object.entries(resolved.services).map(([name, { environment = {} }]) => {
        const fal = Object.entries(environment).filter(([variable]) => variable.startsWith('FAL_'));
        return [name, Object.fromEntries(fal)] as const;
      });
      return Object.fromEntries(given.filter(([, fal]) => Object.keys(fal).length > 0));
    };
    const unset = { FAL_KEY: '', FAL_ADMIN_KEY: '', FAL_SIMULATOR_URL: '' };
    await expect(environments({})).resolves.toEqual({ exporter: unset });
    const given = { FAL_KEY: 'id:one', FAL_ADMIN_KEY: 'id:two', FAL_SIMULATOR_URL: 'http://simulator:10465' };
    await expect(environments(given)).resolves.toEqual({ exporter: given });
  });

  test('mounts the Prometheus configuration that the tests run, where Prometheus reads it', () => {
    const { volumes, command } = service('prometheus');
    expect(command).toContain('--config.file=/etc/prometheus/prometheus.yml');
    expect(volumes).toContain(`./${SHIPPED_CONFIG}:/etc/prometheus/prometheus.yml:ro`);
    expect(existsSync(join(ROOT, SHIPPED_CONFIG))).toBe(true);
  });

  test('mounts the rules where the Prometheus configuration looks for them, and the folders of apps and drills', () => {
    const { rule_files: patterns } = parse(read(SHIPPED_CONFIG)) as { rule_files: string[] };
    expect(patterns).toEqual(['rules/*.yml']);
    const { volumes } = service('prometheus');
    expect(volumes).toContain('./alert-rules/prometheus:/etc/prometheus/rules:ro');
    expect(volumes).toContain('./prometheus/apps:/etc/prometheus/apps:ro');
    expect(volumes).toContain('./prometheus/drill:/etc/prometheus/drill:ro');
    const rules = readdirSync(join(ROOT, 'alert-rules/prometheus')).filter((name) => name.endsWith('.yml'));
    expect(rules.sort()).toEqual(['account.yml', 'endpoint.yml', 'meta.yml', 'platform.yml']);
  });

  test('gives Alertmanager its configuration, its templates and a folder for keys that may be empty', () => {
    const { image, command, volumes = [] } = service('alertmanager');
    expect(image).toMatch(/^prom\/alertmanager:v\d+\.\d+\.\d+$/);
    expect(command).toContain('--cluster.listen-address=');
    const config = read('alert-rules/alertmanager/alertmanager.yml');
    const keyFiles = [...config.matchAll(/^[^#\n]*routing_key_file: (\S+)/gm)].map(([, file]) => file);
    expect(new Set(keyFiles)).toEqual(new Set(['/etc/alertmanager/secrets/pagerduty_routing_key']));
    expect(volumes).toContain('./secrets:/etc/alertmanager/secrets:ro');
    expect(volumes).toContain('./alert-rules/alertmanager/templates:/etc/alertmanager/templates:ro');
    // Git keeps the folder, never a key.
    expect(existsSync(join(ROOT, 'secrets/README.md'))).toBe(true);
    expect(read('.gitignore')).toContain('secrets/*\n!secrets/README.md');
    expect(composeText).not.toContain('secrets:\n');
  });

  test('Prometheus sends alerts to the Alertmanager of this file, and scrapes it', () => {
    const config = parse(read(SHIPPED_CONFIG)) as {
      alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
    };
    expect(config.alerting.alertmanagers[0]?.static_configs[0]?.targets).toEqual(['alertmanager:9093']);
    expect(service('alertmanager').ports).toEqual(['127.0.0.1:9093:9093']);
  });

  test('pins Prometheus, bounds what it stores, and leaves its admin and life-cycle endpoints off', async () => {
    const { image, command } = service('prometheus');
    expect(image).toMatch(/^prom\/prometheus:v\d+\.\d+\.\d+$/);
    const flags = command.map((flag) => flag.split('=')[0] ?? '');
    expect(flags).toEqual(
      expect.arrayContaining(['--storage.tsdb.retention.time', '--storage.tsdb.retention.size']),
    );
    expect(flags.filter((flag) => flag.startsWith('--web.enable-'))).toEqual([]);
    const { stdout } = await promisify(execFile)('prometheus', ['--help']);
    for (const flag of flags) expect(stdout).toContain(`${flag}=`);
  });

  test('the scrape target is the exporter of this file, on the port where it listens', () => {
    const { scrape_configs: jobs } = parse(read(SHIPPED_CONFIG)) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    const job = jobs.find(({ job_name: name }) => name === 'fal-exporter');
    expect(job?.static_configs[0]?.targets).toEqual(['exporter:10464']);
    expect(service('exporter').command).toContain('0.0.0.0:10464');
    expect(service('exporter').ports).toEqual(['127.0.0.1:10464:10464']);
  });

  test('the address of the simulator in the instructions is the one where it listens', () => {
    expect(composeText).toContain(
      'FAL_SIMULATOR_URL=http://simulator:10465 docker compose --profile demo up',
    );
    expect(service('simulator').command).toEqual(['simulate', '--listen', '0.0.0.0:10465']);
  });

  test('the override that its comment recommends is valid and reaches the exporter', async () => {
    const block = /^# {3}services:\n(?:# {5}.*\n)+/m.exec(composeText)?.[0] ?? '';
    const override = temporaryFile('override.yml', block.replaceAll(/^# {3}/gm, ''));
    const merged = await dockerCompose(['-f', join(ROOT, 'docker-compose.yml'), '-f', override, 'config']);
    const { command, volumes } = (parse(merged) as ComposeFile).services.exporter ?? service('none');
    expect(command).toEqual([...service('exporter').command, '--config', '/etc/fal-exporter.yml']);
    expect(volumes).toContain(`${join(ROOT, 'fal-exporter.yml')}:/etc/fal-exporter.yml:ro`);
    expect(volumes).toContain('exporter-state:/var/lib/fal-exporter:rw');
  });
});

describe('Dockerfile', () => {
  const instructions = instructionsOf(read('Dockerfile'));
  const image = stagesOf(instructions).at(-1) ?? [];
  const valuesOf = (keyword: string): string[] =>
    image.filter((each) => each.keyword === keyword).map(({ value }) => value);

  test('builds on the version of Node that the repository is developed on', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
    const version = lock.packages['node_modules/node']?.version;
    const bases = instructions.filter(({ keyword }) => keyword === 'FROM').map(({ value }) => value);
    expect(bases).toEqual([`node:${version}-slim AS dependencies`, `node:${version}-slim`]);
  });

  test('installs production packages only, of exactly the workspaces that it copies, without their scripts', () => {
    const install = instructions.find(({ keyword }) => keyword === 'RUN')?.value ?? '';
    expect(install).toMatch(/^npm ci --omit=dev --ignore-scripts /);
    const workspaces = [...install.matchAll(/--workspace=(\S+)/g)].map(([, name]) => name).sort();
    expect(workspaces).toEqual(['alert-rules', 'exporter', 'instrumentation', 'simulator']);
    expect(copiedPaths(image).sort()).toEqual(['LICENSE', ...workspaces]);
  });

  test('copies what exists and what .dockerignore lets through', () => {
    const ignore = read('.dockerignore');
    for (const path of copiedPaths(instructions)) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
      expect(isIgnored(ignore, path), path).toBe(false);
    }
  });

  test('runs as somebody who is not root, and owns its state folder', () => {
    expect(valuesOf('USER')).toEqual(['node']);
    expect(valuesOf('VOLUME')).toEqual(['/var/lib/fal-exporter']);
    expect(valuesOf('RUN')).toEqual(['install -d -o node -g node /var/lib/fal-exporter']);
    expect(service('exporter').volumes).toEqual(['exporter-state:/var/lib/fal-exporter']);
  });

  test('starts the program of the package, as Compose does, so that another command replaces only `serve`', () => {
    const { bin } = JSON.parse(read('exporter/package.json')) as { bin: Record<string, string> };
    const program = join('/app/exporter', bin['fal-exporter'] ?? '');
    expect(valuesOf('ENTRYPOINT')).toEqual([JSON.stringify(['node', program]).replaceAll(',', ', ')]);
    expect(JSON.parse(valuesOf('CMD')[0] ?? '')).toEqual(service('exporter').command);
    expect(valuesOf('EXPOSE')).toEqual(['10464']);
  });

  test('asks for health as Compose does', () => {
    const [, question = '[]'] = valuesOf('HEALTHCHECK')[0]?.split(' CMD ') ?? [];
    expect(['CMD', ...(JSON.parse(question) as string[])]).toEqual(service('exporter').healthcheck.test);
  });

  test('takes no key at build time', () => {
    const words = instructions.filter(({ keyword }) => keyword === 'ENV' || keyword === 'ARG');
    expect(words.map(({ value }) => value)).toEqual(['NODE_ENV=production']);
  });
});

describe('.dockerignore', () => {
  const ignore = read('.dockerignore');

  test.each([
    '.env',
    'exporter/.env.local',
    '.git/config',
    'node_modules/node/bin/node',
    'exporter/node_modules/zod/index.js',
    'exporter/src/main.test.ts',
    '.fal-exporter/state.db',
    'exporter/.fal-exporter/state.db',
    'test/run.ts',
    'fal-exporter.yml',
    'secrets/grafana_admin_password',
    'grafana-plugin/node_modules/react/index.js',
    'grafana-plugin/harness/grafana-13/node_modules/react/index.js',
    'grafana-plugin/e2e/playwright/.auth/admin.json',
    'grafana-plugin/dist/module.js',
  ])('keeps %s out', (path) => {
    expect(isIgnored(ignore, path)).toBe(true);
  });

  test.each([
    'exporter/bin/fal-exporter.js',
    'simulator/src/index.ts',
    'package-lock.json',
    '.npmrc',
    'grafana-plugin/src/plugin.json',
    'grafana-plugin/.config/webpack/webpack.config.ts',
    'dashboards/json/fal-overview.json',
  ])('lets %s in', (path) => {
    expect(isIgnored(ignore, path)).toBe(false);
  });
});

describe('the health question', () => {
  /** The exit code of a service's question, asked of another port than in its container. */
  async function answerFor(name: string, port: number): Promise<number> {
    const [, , ...args] = service(name).healthcheck.test;
    const own = /:(\d+)$/.exec(service(name).ports[0] ?? '')?.[1] ?? '';
    const asked = args.map((arg) => arg.replaceAll(own, String(port)));
    return promisify(execFile)(process.execPath, asked).then(
      () => 0,
      (error: unknown) => (error as { code: number }).code,
    );
  }

  test.each([
    ['exporter', 200, 0],
    ['exporter', 503, 1],
    ['simulator', 404, 0],
  ])('of the %s, asked of a server that answers %i, ends with %i', async (name, status, expected) => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/-/healthy' ? status : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(answerFor(name, port)).resolves.toBe(expected);
    server.close();
  });

  test.each(['exporter', 'simulator'])('of the %s, asked where nobody listens, ends with 1', async (name) => {
    await expect(answerFor(name, await freePort())).resolves.toBe(1);
  });
});
