import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { copiedPaths, instructionsOf, isIgnored, stagesOf } from './dockerfile.ts';
import { pluginDeclarations, readText } from './grafana-files.ts';

const ROOT = join(import.meta.dirname, '..');

interface Grafana {
  readonly image: string;
  readonly user: string;
  readonly build: { readonly context: string; readonly dockerfile: string };
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
}

const compose = parse(readText('docker-compose.yml'), { merge: true }) as {
  readonly services: { readonly grafana: Grafana };
};
const { grafana } = compose.services;
const instructions = instructionsOf(readText('provisioning/Dockerfile'));
const [pluginStage = [], image = []] = stagesOf(instructions);

/** What the image puts into the environment. */
const imageEnvironment = Object.fromEntries(
  image
    .filter(({ keyword }) => keyword === 'ENV')
    .flatMap(({ value }) => value.split(' ').map((pair) => pair.split('=', 2) as [string, string])),
);

/** Where a COPY of the image puts what it takes from `source`. */
function placeOf(source: string): string | undefined {
  const copy = image.find(({ keyword, value }) => keyword === 'COPY' && value.split(' ').at(-2) === source);
  return copy?.value.split(' ').at(-1);
}

describe('Grafana in docker-compose.yml', () => {
  test('is the image that has the plugin in it', () => {
    expect(grafana.build).toEqual({ context: '.', dockerfile: 'provisioning/Dockerfile' });
    expect(image.map(({ keyword }) => keyword)).toContain('ENTRYPOINT');
  });

  test('lets nobody in without signing in, and nobody sign up', () => {
    expect(grafana.environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'false',
      GF_USERS_ALLOW_SIGN_UP: 'false',
    });
  });

  test('has no password in it, and takes none from the environment', () => {
    const names = Object.keys(grafana.environment).filter((name) => /PASSWORD|SECRET|TOKEN/.test(name));
    expect(names).toEqual(['GRAFANA_ADMIN_PASSWORD_FILE']);
    expect(readText('provisioning/Dockerfile')).not.toMatch(/PASSWORD/);
  });

  test('looks for the password where the folder of secrets is mounted', () => {
    const mount = grafana.volumes.find((each) => each.startsWith('./secrets:')) ?? '';
    const [, place = '', mode] = mount.split(':');
    expect(mode).toBe('ro');
    const file = grafana.environment.GRAFANA_ADMIN_PASSWORD_FILE ?? '';
    expect(file.startsWith(`${place}/`)).toBe(true);
    const name = file.slice(place.length + 1);
    expect(readText('secrets/README.md')).toContain(name);
    expect(readText('docker-compose.yml')).toContain(`secrets/${name}`);
  });

  test('tells nobody outside that it runs', () => {
    expect(grafana.environment).toMatchObject({
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
      GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
      GF_NEWS_NEWS_FEED_ENABLED: 'false',
      GF_SECURITY_DISABLE_GRAVATAR: 'true',
      GF_SNAPSHOTS_EXTERNAL_ENABLED: 'false',
    });
    expect(imageEnvironment.GF_PLUGINS_PREINSTALL_DISABLED).toBe('true');
  });

  test('reads the data source of the repository, and no dashboards from files: the app has them', () => {
    expect(grafana.volumes).toContain('./provisioning/datasources:/etc/grafana/provisioning/datasources:ro');
    expect(existsSync(join(ROOT, 'provisioning/datasources/prometheus.yml'))).toBe(true);
    expect(grafana.volumes.filter((each) => each.includes('dashboards'))).toEqual([]);
  });

  test('opens with a dashboard that the app brings', () => {
    const [, uid] = /^\/d\/(.+)$/.exec(grafana.environment.GF_USERS_HOME_PAGE ?? '') ?? [];
    const app = JSON.parse(readText('grafana-plugin/src/plugin.json')) as { includes: { uid?: string }[] };
    expect(app.includes.map((each) => each.uid)).toContain(uid);
  });

  test('is where the links of alerts lead', () => {
    expect(grafana.environment.GF_SERVER_ROOT_URL).toBe('${GRAFANA_URL:-http://localhost:3000}');
    expect(readText('alert-rules/grafana/rules.yml')).toContain('http://localhost:3000/d/');
  });
});

describe('the image of Grafana', () => {
  test('may load unsigned exactly our app and its panels', () => {
    const allowed = (imageEnvironment.GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS ?? '').split(',');
    expect(allowed.sort()).toEqual(
      pluginDeclarations()
        .map(({ id }) => id)
        .sort(),
    );
    for (const document of ['provisioning/README.md', 'grafana-plugin/README.md']) {
      const list = /GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS=([\w,-]+)/.exec(readText(document))?.[1];
      expect(list?.split(',').sort(), document).toEqual(allowed);
    }
  });

  test('has the plugin where Grafana looks for it, outside of the volume, and the file that enables it', () => {
    const [app] = pluginDeclarations().filter(({ type }) => type === 'app');
    const folder = imageEnvironment.GF_PATHS_PLUGINS ?? '';
    expect(placeOf('/build/grafana-plugin/dist')).toBe(`${folder}/${app?.id}`);
    expect(grafana.volumes).toContain('grafana-data:/var/lib/grafana');
    expect(folder.startsWith('/var/lib/grafana')).toBe(false);
    expect(placeOf('provisioning/with-plugin/plugins')).toBe('/etc/grafana/provisioning/plugins');
  });

  test('is pinned to the Grafana whose packages the plugin is compiled against', () => {
    const { dependencies } = JSON.parse(readText('grafana-plugin/package.json')) as {
      dependencies: Record<string, string>;
    };
    expect(image[0]?.value).toBe(`grafana/grafana:${dependencies['@grafana/runtime']}`);
  });

  test('builds the plugin with the Node of the repository, from its lockfile, without scripts of packages', () => {
    const [base] = instructionsOf(readText('Dockerfile'));
    expect(pluginStage[0]?.value).toBe(base?.value.replace(' AS dependencies', ' AS plugin'));
    const runs = pluginStage.filter(({ keyword }) => keyword === 'RUN').map(({ value }) => value);
    expect(runs).toEqual([
      'cd grafana-plugin && npm ci --ignore-scripts',
      'cd grafana-plugin && npm run build',
    ]);
  });

  test('copies what exists and what .dockerignore lets through', () => {
    const ignore = readText('.dockerignore');
    const paths = copiedPaths(instructions);
    expect(paths).toContain('grafana-plugin');
    for (const path of paths) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
      expect(isIgnored(ignore, path), path).toBe(false);
    }
  });

  test('runs as the user of Compose, and starts by way of the script that sees to the password', () => {
    const valueOf = (keyword: string): string | undefined =>
      image.find((each) => each.keyword === keyword)?.value;
    expect(valueOf('USER')).toBe(grafana.user);
    const script = placeOf('provisioning/start-grafana.sh');
    expect(JSON.parse(valueOf('ENTRYPOINT') ?? '')).toEqual(['/bin/sh', script]);
    expect(JSON.parse(valueOf('CMD') ?? '')).toEqual(['/run.sh']);
  });
});

describe('start-grafana.sh', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fal-observability-grafana-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  interface Start {
    readonly code: number;
    /** The file that Grafana reads the password from; undefined when it was not started. */
    readonly passwordFile: string | undefined;
    readonly said: string;
  }

  /** Starts a stand-in that prints what Grafana would be told. */
  async function start(passwordFile?: string, uid = process.getuid?.()): Promise<Start> {
    const stand = ['/bin/sh', '-c', 'printf %s "$GF_SECURITY_ADMIN_PASSWORD"'];
    const given = passwordFile === undefined ? {} : { GRAFANA_ADMIN_PASSWORD_FILE: passwordFile };
    const run = promisify(execFile)('/bin/sh', [join(ROOT, 'provisioning/start-grafana.sh'), ...stand], {
      env: { PATH: process.env.PATH, GF_PATHS_DATA: folder, ...given },
      ...(uid === undefined ? {} : { uid }),
    });
    const { code, stdout, stderr } = await run.then(
      (output) => ({ code: 0, ...output }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    return { code, passwordFile: /^\$__file\{(.+)\}$/.exec(stdout)?.[1], said: stderr };
  }

  function secret(text: string): string {
    const file = join(folder, 'grafana_admin_password');
    writeFileSync(file, text);
    return file;
  }

  const kept = (): string => join(folder, 'admin-password');

  test('gives the file to Grafana, and makes no other password', async () => {
    const file = secret('correct horse\n');
    await expect(start(file)).resolves.toEqual({ code: 0, passwordFile: file, said: '' });
    expect(existsSync(kept())).toBe(false);
  });

  test.each([undefined, '/nowhere/grafana_admin_password'])(
    'without a file (%s) makes a random password that only its user can read, and does not say it',
    async (file) => {
      const { code, passwordFile, said } = await start(file);
      expect({ code, passwordFile }).toEqual({ code: 0, passwordFile: kept() });
      const password = readFileSync(kept(), 'utf8').trim();
      expect(password).toMatch(/^[\w-]{24}$/);
      expect(statSync(kept()).mode & 0o777).toBe(0o600);
      expect(said).toContain(`docker compose exec grafana cat ${kept()}`);
      expect(said).not.toContain(password);
    },
  );

  test('keeps the random password from start to start, and makes another one elsewhere', async () => {
    await start();
    const first = readFileSync(kept(), 'utf8');
    await start();
    expect(readFileSync(kept(), 'utf8')).toBe(first);
    rmSync(kept());
    await start();
    expect(readFileSync(kept(), 'utf8')).not.toBe(first);
  });

  test.each(['', ' \n'])(
    'does not start for the empty file %j, for which Grafana would take admin',
    async (text) => {
      const { code, passwordFile, said } = await start(secret(text));
      expect({ code, passwordFile }).toEqual({ code: 1, passwordFile: undefined });
      expect(said).toContain('is empty: write the password of admin into it');
    },
  );

  test('does not start for the password admin', async () => {
    const { code, said } = await start(secret('admin\n'));
    expect(code).toBe(1);
    expect(said).toContain('which everybody would try first');
  });

  test('says whose the file has to be when it cannot be read', async () => {
    const file = secret('correct horse');
    chmodSync(file, 0o000);
    chmodSync(folder, 0o755);
    // Root may read every file, so a test that runs as root becomes nobody.
    const uid = process.getuid?.() === 0 ? 65534 : process.getuid?.();
    const { code, said } = await start(file, uid);
    expect(code).toBe(1);
    expect(said).toContain(`cannot read ${file} as user ${uid}`);
  });

  test('says how to change the password when a file comes after the first start', async () => {
    await start();
    const { code, said } = await start(secret('correct horse'));
    expect(code).toBe(0);
    expect(said).toContain('grafana cli admin reset-admin-password');
  });
});
