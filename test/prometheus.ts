import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startProcess, type BackgroundProcess } from './background-process.ts';
import { freePort } from './free-port.ts';
import { prometheusApi, type PrometheusApi, type Sample } from './prometheus-api.ts';
import { SHIPPED_CONFIG, substitutedConfig } from './prometheus-config.ts';
import { waitUntil } from './wait-until.ts';

export interface PrometheusOptions {
  /** `host:port` lists per job of the shipped configuration; Prometheus's own job is filled in. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** `host:port` of the Alertmanagers that get the alerts; nobody unless given. */
  readonly alertmanagers?: readonly string[];
  /** `host:port` of measured apps, for the job `fal-app`. */
  readonly apps?: readonly string[];
  /** Absolute patterns of rule files instead of the shipped place. */
  readonly ruleFiles?: readonly string[];
  /** Any free port unless given. */
  readonly port?: number;
  /** Prometheus durations; one second unless given, so that a test sees several scrapes. */
  readonly scrapeInterval?: string;
  readonly evaluationInterval?: string;
  /** More flags, such as --enable-feature=exemplar-storage. */
  readonly flags?: readonly string[];
}

/** A real Prometheus that runs the shipped configuration. */
export interface Prometheus extends PrometheusApi {
  /** Base URL without a trailing slash. */
  readonly url: string;
  readonly pid: number;
  /** The configuration in force and, beside it, the data. Gone after `stop`. */
  readonly folder: string;
  /** The first non-empty answer to a query: `until('up{job="fal-exporter"} == 1')`. */
  until(promql: string, options?: { readonly withinMs?: number }): Promise<Sample[]>;
  log(): string;
  stop(): Promise<void>;
}

const ROOT = dirname(import.meta.dirname);
const READY_WITHIN_MS = 60_000;
const ATTEMPTS = 3;

/**
 * Starts Prometheus on a free loopback port, with its data in a temporary folder, and waits until it is ready.
 * It is gone, folder included, after `stop`, and also when the test process is killed.
 */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const folder = mkdtempSync(join(tmpdir(), 'fal-observability-prometheus-'));
    writeFileSync(join(folder, 'prometheus.yml'), configFor(port, options));
    // Prometheus watches the folders of files that it reads targets from, and complains without end of one that is not there.
    for (const watched of ['apps', 'drill']) mkdirSync(join(folder, watched));
    if (options.apps !== undefined) {
      writeFileSync(join(folder, 'apps', 'apps.yml'), JSON.stringify([{ targets: options.apps }]));
    }
    const process = await startBinary({ port, folder, flags: options.flags ?? [] });
    try {
      return await whenReady(process, { url: `http://127.0.0.1:${port}`, folder });
    } catch (error) {
      await process.stop({ signal: 'SIGKILL' });
      // Somebody took the port between our look and Prometheus's.
      if (
        options.port === undefined &&
        attempt < ATTEMPTS &&
        process.output().includes('address already in use')
      )
        continue;
      throw error;
    }
  }
}

function configFor(port: number, options: PrometheusOptions): string {
  return substitutedConfig(readFileSync(join(ROOT, SHIPPED_CONFIG), 'utf8'), {
    targets: { prometheus: [`127.0.0.1:${port}`], ...options.targets },
    alertmanagers: options.alertmanagers,
    ruleFiles: options.ruleFiles,
    scrapeInterval: options.scrapeInterval ?? '1s',
    evaluationInterval: options.evaluationInterval ?? '1s',
    rulesBase: join(ROOT, dirname(SHIPPED_CONFIG)),
  });
}

interface Place {
  readonly port: number;
  readonly folder: string;
  readonly flags: readonly string[];
}

function startBinary({ port, folder, flags }: Place): Promise<BackgroundProcess> {
  return startProcess({
    name: 'prometheus',
    command: 'prometheus',
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    env: { PATH: process.env.PATH },
    cwd: folder,
    folders: [folder],
  });
}

async function whenReady(
  process: BackgroundProcess,
  at: { url: string; folder: string },
): Promise<Prometheus> {
  const api = prometheusApi(at.url);
  const log = (): string => process.output();
  const readiness = waitUntil(
    `Prometheus is ready at ${at.url}`,
    async () => {
      if (process.exit() !== undefined) return 'ended';
      const { ok } = await fetch(`${at.url}/-/ready`);
      return ok ? 'ready' : undefined;
    },
    { withinMs: READY_WITHIN_MS, evidence: log },
  );
  if ((await readiness) === 'ended')
    throw new Error(`Prometheus ended before it was ready; it said:\n${log()}`);
  return {
    ...api,
    ...at,
    pid: process.pid,
    log,
    until: (promql, { withinMs = 30_000 } = {}) =>
      waitUntil(
        `${promql} gives a sample`,
        async () => {
          const samples = await api.query(promql);
          return samples.length > 0 ? samples : undefined;
        },
        { withinMs, everyMs: 100, evidence: log },
      ),
    stop: async () => {
      await process.stop();
    },
  };
}
