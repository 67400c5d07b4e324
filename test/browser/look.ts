/**
 * Pictures of a panel, a dashboard or a page of the app while you work on it; see README.md.
 *
 *   node test/browser/look.ts panel falobs-runway-panel --frames frames.json --out shot.png
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startBrowser } from './browser.ts';
import type { Browser, CommonOptions, FrameJson, GrafanaVersion, HostPage, QueryJson } from './browser.ts';
import { takePicture } from './host-page.ts';

const USAGE = `usage:
  look.ts panel <plugin id> (--frames <file> | --queries <file> --prometheus <url>) [--options <file>] [--field-config <file>]
  look.ts dashboard <file> --prometheus <url> [--var name=value ...]
  look.ts app <path> [--prometheus <url>] [--settings <JSON of the app's settings>]
with any of: --out shot.png --theme dark|light --grafana 12.4|13.2 --width 900 --height 400
  --from now-24h --to now --dist <folder of the built plugin>`;

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frames: { type: 'string' },
    queries: { type: 'string' },
    options: { type: 'string' },
    'field-config': { type: 'string' },
    prometheus: { type: 'string' },
    settings: { type: 'string', default: '{"dataSourceUid":"prometheus"}' },
    var: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'shot.png' },
    theme: { type: 'string', default: 'dark' },
    grafana: { type: 'string', default: '12.4' },
    width: { type: 'string' },
    height: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    dist: { type: 'string' },
  },
});

function common(): CommonOptions {
  const { theme, grafana, prometheus, width, height, from, to, dist } = given;
  return {
    theme: theme === 'light' ? 'light' : 'dark',
    grafana: grafana as GrafanaVersion,
    ...(prometheus !== undefined && { prometheusUrl: prometheus.replace(/\/$/, '') }),
    ...(width !== undefined && { width: Number(width) }),
    ...(height !== undefined && { height: Number(height) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(dist !== undefined && { dist }),
  };
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

function open(browser: Browser): Promise<HostPage> {
  const [kind, what = ''] = positionals;
  if (what === '') throw new Error(USAGE);
  if (kind === 'panel') {
    const { frames, queries, options } = given;
    return browser.openPanel({
      ...common(),
      panel: what,
      ...(frames !== undefined && { frames: read<FrameJson[]>(frames) }),
      ...(queries !== undefined && { queries: read<QueryJson[]>(queries) }),
      ...(options !== undefined && { options: read(options) }),
      ...(given['field-config'] !== undefined && { fieldConfig: read(given['field-config']) }),
    });
  }
  if (kind === 'dashboard') {
    const pairs = given.var.map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, value.includes(',') ? value.split(',') : value] as const;
    });
    return browser.openDashboard({ ...common(), json: read(what), variables: Object.fromEntries(pairs) });
  }
  if (kind === 'app')
    return browser.openAppPage({
      ...common(),
      path: what,
      jsonData: JSON.parse(given.settings) as Record<string, unknown>,
    });
  throw new Error(USAGE);
}

const browser = await startBrowser();
try {
  const page = await open(browser);
  await takePicture(page.content, given.out);
  console.table(
    (await page.reports()).map(({ title, pluginId, state, frames, values, errors }) => ({
      ...{ title, pluginId, state, frames, values },
      errors: errors.join('; '),
    })),
  );
  console.log(`picture: ${given.out}`);
} finally {
  await browser.stop();
}
