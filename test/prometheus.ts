import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { prometheusApi, type PrometheusApi, type Sample } from './prometheus-api.ts';
import { SHIPPED_CONFIG, substitutedConfig } from './prometheus-config.ts';
import { startPrometheusProcess, type PrometheusProcess } from './prometheus-process.ts';
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

/**
 * Starts Prometheus on a free loopback port, with its data in a temporary folder, and waits until it is ready.
 * It is gone, folder included, after `stop`, and also when the test process is killed.
 */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { port, flags } = options;
  return running(
    await startPrometheusProcess({
      configFor: (chosen, folder) => {
        prepare(folder, options);
        return configFor(chosen, options);
      },
      port,
      flags,
    }),
  );
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

/** Prometheus watches the folders of files that it reads targets from, and complains without end of one that is not there. */
function prepare(folder: string, { apps }: PrometheusOptions): void {
  for (const watched of ['apps', 'drill']) mkdirSync(join(folder, watched));
  if (apps !== undefined) {
    writeFileSync(join(folder, 'apps', 'apps.yml'), JSON.stringify([{ targets: apps }]));
  }
}

function running({ process, url, folder }: PrometheusProcess): Prometheus {
  const api = prometheusApi(url);
  const log = (): string => process.output();
  return {
    ...api,
    url,
    folder,
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
