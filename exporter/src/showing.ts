import type { Config } from './config/config.ts';
import type { Clock } from './domain/clock.ts';
import type { DomainEvent, EventSink, ProbeRunFinished } from './domain/events.ts';
import type { ShowAppMetrics } from './domain/app-metrics.ts';
import { AppMetrics } from './exposition/app-metrics.ts';
import { type OtlpPush, startOtlpPush } from './exposition/otlp.ts';
import { createScraper } from './exposition/scrape.ts';
import { createHttpServer } from './http/server.ts';
import type { Log } from './log.ts';
import { recordExporter } from './metrics/exporter-metrics.ts';
import { createRecorder } from './metrics/recorder.ts';
import { nodeRuntime, recordRuntime } from './metrics/runtime-metrics.ts';
import { MetricStore } from './metrics/store.ts';
import { VerdictSeries } from './metrics/verdict-series.ts';
import { RunbookShelf } from './runbooks/shelf.ts';
import { type StatusBoard, createStatusBoard } from './status/board.ts';
import { verdictInputOf } from './status/verdict-input.ts';
import { judge } from './verdict/judge.ts';

export interface ShowingOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly isDemo: boolean;
  /** From before a restart: shown on the page, never counted again. */
  readonly pastRuns: readonly ProbeRunFinished[];
  /** Asked at every use: keys are rotated. */
  readonly falAdminKey: () => string | undefined;
  /** False until probes are scheduled. */
  readonly isReady: () => boolean;
  /** When a probe runs next, ms since the epoch. */
  readonly nextRunAt: (probe: string) => number | undefined;
}

/** Everything that shows what was measured: metrics by pull and push, status page, health. */
export interface Showing {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly sink: EventSink;
  /** Takes the metrics of the account's own apps, which are only passed on. */
  readonly showAppMetrics: ShowAppMetrics;
  configure(config: Config): void;
  /** Sends the last push and ends the running answer. */
  stop(): Promise<void>;
}

/** A process that is told to stop ends in under a second, whatever a collector at the other end does. */
const LAST_PUSH_TIMEOUT_MS = 600;

/** Builds the store, the board and the server over them. Rejects with a ListenError or a WebConfigError. */
export async function startShowing(options: ShowingOptions): Promise<Showing> {
  const { config, clock, log, version, isDemo } = options;
  const store = new MetricStore({ clock, ...config.series });
  recordExporter(store, { version, nodeVersion: process.version, isDemo, clock });
  const runtime = nodeRuntime(process);
  recordRuntime(store, runtime);
  const recorder = createRecorder({ store, clock, config });
  const hasAdminKey = (): boolean => options.falAdminKey() !== undefined;
  const { nextRunAt } = options;
  const board = createStatusBoard({ clock, config, demo: isDemo, version, nextRunAt, hasAdminKey });
  for (const run of options.pastRuns) board.sink(run);
  showVerdicts(store, board);

  const appMetrics = new AppMetrics(store, clock);
  const scrape = createScraper({ store, clock, appendix: appMetrics.current });
  const server = createHttpServer({
    ...{ clock, listen: config.listen, webConfigFile: config.webConfigFile },
    renderMetrics: async (request) => ({ status: 200, ...(await scrape(request)) }),
    status: () => board.view(),
    runbooks: new RunbookShelf(),
    readiness: () =>
      options.isReady() ? { ready: true } : { ready: false, reason: 'probes are not scheduled yet' },
    onProblem: (message) => log.warn(message),
  });
  const listening = await server.start();
  for (const warning of listening.warnings) log.warn(warning);
  const push = await startPush(store, options);

  return {
    url: listening.url,
    showAppMetrics: appMetrics.show,
    sink: (event: DomainEvent) => {
      recorder(event);
      board.sink(event);
    },
    configure(next) {
      store.reconfigure(next.series);
      recorder.reconfigure(next);
      board.configure(next);
    },
    async stop() {
      await Promise.all([push?.shutdown(), server.close()]);
      runtime.stop();
    },
  };
}

/** The verdict follows from everything that is known at the moment, so it is made anew for each collection. */
function showVerdicts(store: MetricStore, board: StatusBoard): void {
  const series = new VerdictSeries(store);
  store.beforeCollect('verdict', () => {
    const facts = board.facts();
    series.show(facts.account.name, judge(verdictInputOf(facts)).endpoints);
  });
}

/** By OTLP, when the usual variables ask for it. */
async function startPush(
  store: MetricStore,
  { clock, log, env, version }: ShowingOptions,
): Promise<OtlpPush | undefined> {
  const onProblem = (text: string): void => log.warn(text);
  const limits = { shutdownTimeoutMs: LAST_PUSH_TIMEOUT_MS };
  const push = await startOtlpPush({ store, clock, env, version, onProblem, ...limits });
  if (push !== undefined)
    log.info('pushing metrics by OTLP', { protocol: push.protocol, interval_ms: push.intervalMs });
  return push;
}
