import { get } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { Simulator, VirtualClock } from 'fal-simulator';
import { FAKE_ADMIN_KEY, FAKE_API_KEY } from 'fal-simulator';
import { loadConfig } from '../../exporter/src/config/load.ts';
import type { Config } from '../../exporter/src/config/config.ts';
import { type Exporter, startExporter } from '../../exporter/src/exporter.ts';
import { OPENMETRICS_1_0_0 } from '../../exporter/src/exposition/openmetrics.ts';
import { CONCURRENCY_LIMIT, DEV, KLING, LATENCY_LIMITS, SCHNELL, SDXL } from './past-world.ts';

const DAY_MS = 86_400_000;

export interface PastExporterOptions {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly random: () => number;
  readonly stateDir: string;
  /** `account.name` of the configuration. */
  readonly account: string;
  readonly hasAdminKey: boolean;
  /** When the past ends, ms since the epoch; grants of credits expire `grantDays` later, and three weeks after that. */
  readonly end: number;
  readonly grantDays: number;
}

/** The exporter as its command wires it, in virtual time, before a simulated fal. */
export async function startPastExporter(options: PastExporterOptions): Promise<Exporter> {
  const { clock, simulator, random, hasAdminKey } = options;
  const silent = (): void => undefined;
  const exporter = await startExporter({
    config: await configOf(options),
    falKey: () => FAKE_API_KEY,
    falAdminKey: () => (hasAdminKey ? FAKE_ADMIN_KEY : undefined),
    ...{ clock, random, randomUuid: randomUUID, fetch: simulator.fetch },
    log: { info: silent, warn: silent, error: silent },
    redact: (text) => text,
    env: {},
    version: '0.1.0',
    isDemo: false,
  });
  // As the command tells it after every start.
  exporter.emit({ kind: 'config_loaded', at: clock.now(), ok: true, problems: [] });
  return exporter;
}

async function configOf(options: PastExporterOptions): Promise<Config> {
  const loaded = await loadConfig({
    path: 'fal-exporter.yml',
    env: {},
    readFile: () => Promise.resolve(Buffer.from(configText(options))),
    cwd: '/',
  });
  if (!loaded.ok) throw new Error(`the configuration of a past is wrong: ${JSON.stringify(loaded.problems)}`);
  return { ...loaded.config, stateDir: options.stateDir, listen: { host: '127.0.0.1', port: 0 } };
}

function configText({ account, end, grantDays }: PastExporterOptions): string {
  const probe = (name: string, endpoint: string, interval: string, timeout: string): string =>
    `  - { name: ${name}, tier: inference, endpoint_id: ${endpoint}, interval: ${interval}, timeout: ${timeout}, input: { prompt: status probe } }`;
  const dayAfter = (days: number): string => new Date(end + days * DAY_MS).toISOString().slice(0, 10);
  return `
account:
  name: ${account}
  concurrency_limit: ${CONCURRENCY_LIMIT}
  low_balance_usd: 20
  critical_balance_usd: 5
  hourly_budget_usd: 40
  monthly_budget_usd: 5000
  grants:
    - { name: launch-credits, expires: ${dayAfter(grantDays)}, amount_usd: 25 }
    - { name: partner-credits, expires: ${dayAfter(grantDays + 21)}, amount_usd: 100 }
endpoints:
${Object.entries(LATENCY_LIMITS)
  .map(([id, seconds]) => `  - { id: ${id}, latency_limit: ${seconds}s }`)
  .join('\n')}
probes:
${[
  probe('flux-schnell', SCHNELL, '1m', '45s'),
  probe('flux-dev', DEV, '2m', '60s'),
  probe('fast-sdxl', SDXL, '2m', '60s'),
  probe('kling-video', KLING, '15m', '300s'),
].join('\n')}
  - { name: queue-gateway, tier: queue, endpoint_id: ${SCHNELL}, interval: 5m, input: { prompt: status probe } }
  - { name: fal-hosts, tier: free, interval: 1m }
collectors: { interval: 2m, request_history: { interval: 5m } }
budget: { per_hour_usd: 5, per_day_usd: 100, per_month_usd: 1000, worst_case_run_usd: 0.5 }
`;
}

/** The answer to a scrape that asks as Prometheus does. */
export function scrapeOf(exporter: Exporter): Promise<string> {
  const headers = { accept: OPENMETRICS_1_0_0.contentType };
  return new Promise((resolve, reject) => {
    get(`${exporter.url}/metrics`, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`the exporter answered a scrape with ${response.statusCode}: ${text}`));
      });
    }).on('error', reject);
  });
}
