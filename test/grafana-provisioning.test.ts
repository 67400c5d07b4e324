import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pluginDeclarations, readText, readYaml } from './grafana-files.ts';
import { SHIPPED_CONFIG } from './prometheus-config.ts';

const ROOT = join(import.meta.dirname, '..');

interface DataSources {
  readonly datasources: readonly {
    readonly type: string;
    readonly uid: string;
    readonly url: string;
    readonly isDefault: boolean;
    readonly jsonData: Readonly<Record<string, unknown>>;
  }[];
}

interface Providers {
  readonly providers: readonly {
    readonly type: string;
    readonly allowUiUpdates: boolean;
    readonly options: { readonly path: string };
  }[];
}

interface Apps {
  readonly apps: readonly {
    readonly type: string;
    readonly disabled: boolean;
    readonly jsonData: Readonly<Record<string, unknown>>;
  }[];
}

const sources = readYaml<DataSources>('provisioning/datasources/prometheus.yml').datasources;
const apps = readYaml<Apps>('provisioning/with-plugin/plugins/fal-app.yml').apps;
const [source] = sources;

describe('the provisioned data source', () => {
  test('is one Prometheus, the default one, asked by POST', () => {
    expect(sources).toHaveLength(1);
    expect(source).toMatchObject({ type: 'prometheus', isDefault: true });
    expect(source?.jsonData).toMatchObject({ httpMethod: 'POST', manageAlerts: true });
  });

  test('is the Prometheus of docker-compose.yml', () => {
    const compose = readYaml<{ services: Record<string, { ports: string[] }> }>('docker-compose.yml');
    const { hostname, port } = new URL(source?.url ?? '');
    expect(compose.services[hostname]?.ports).toEqual([`127.0.0.1:${port}:${port}`]);
  });

  test('knows how often Prometheus scrapes, from which Grafana makes the window of every rate', () => {
    const { global } = readYaml<{ global: { scrape_interval: string } }>(SHIPPED_CONFIG);
    expect(source?.jsonData.timeInterval).toBe(global.scrape_interval);
  });

  test('has the uid that the Grafana-managed alert rules ask, so that both can be provisioned as they are', () => {
    const asked = readText('alert-rules/grafana/rules.yml').matchAll(/^ *datasourceUid: (.+)$/gm);
    const uids = new Set([...asked].map(([, uid]) => uid));
    expect(uids).toEqual(new Set([source?.uid, '__expr__']));
  });
});

describe('the provisioned app', () => {
  test('is ours, is enabled, and looks at the provisioned data source', () => {
    const app = pluginDeclarations().find(({ type }) => type === 'app');
    expect(apps).toEqual([
      { type: app?.id, org_id: 1, disabled: false, jsonData: { dataSourceUid: source?.uid } },
    ]);
  });

  test('is told in the key that the app reads', () => {
    const [{ jsonData } = { jsonData: {} }] = apps;
    for (const key of Object.keys(jsonData)) {
      expect(readText('grafana-plugin/src/grafana/settings.ts')).toContain(`readonly ${key}?:`);
    }
  });
});

describe('dashboards from files', () => {
  const { providers } = readYaml<Providers>('provisioning/dashboards/fal.yml');

  test('come from one folder, and cannot be overwritten in the browser', () => {
    expect(providers).toHaveLength(1);
    expect(providers[0]).toMatchObject({ type: 'file', allowUiUpdates: false });
  });

  test('are copied to the folder that Grafana reads by the command of the README', () => {
    const [copy = ''] = /^ +cp dashboards\/json\/.*$/m.exec(readText('provisioning/README.md')) ?? [];
    expect(copy.trim().split(' ').at(-1)).toBe(`${providers[0]?.options.path}/`);
    const [, names = ''] = /\{(.+?)\}/.exec(copy) ?? [];
    const copied = names.split(',').map((name) => `fal-${name}.json`);
    expect(copied.sort()).toEqual(dashboardsWithout(pluginDeclarations().map(({ id }) => id)));
  });

  test('are never provided together with the app, which would fail to update them', () => {
    const withPlugin = readdirSync(join(ROOT, 'provisioning/with-plugin'));
    expect(withPlugin).toEqual(['plugins']);
    const image = readText('provisioning/Dockerfile');
    expect(image).not.toMatch(/provisioning\/dashboards/);
  });
});

/** The dashboards that use no panel of ours. */
function dashboardsWithout(panelIds: readonly string[]): string[] {
  return readdirSync(join(ROOT, 'dashboards/json'))
    .filter(
      (name) =>
        name.endsWith('.json') &&
        panelIds.every((id) => !readText(`dashboards/json/${name}`).includes(`"${id}"`)),
    )
    .sort();
}

describe('the provisioning README', () => {
  test('names only files that are there', () => {
    const linked = [...readText('provisioning/README.md').matchAll(/\]\(([^)#]+)\)/g)].map(
      ([, path = '']) => path,
    );
    expect(linked.length).toBeGreaterThan(3);
    for (const path of linked.filter((each) => !each.startsWith('http'))) {
      expect(existsSync(join(ROOT, 'provisioning', path)), path).toBe(true);
    }
  });
});
