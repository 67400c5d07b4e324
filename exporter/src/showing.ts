import type { Config } from './config/config.ts';
import type { Clock } from './domain/clock.ts';
import type { EventSink, ProbeRunFinished } from './domain/events.ts';
import { startOtlpPush } from './exposition/otlp.ts';
import { createScraper } from './exposition/scrape.ts';
import type { Log } from './log.ts';
import { recordExporter } from './metrics/exporter-metrics.ts';
import { createRecorder } from './metrics/recorder.ts';
import { nodeRuntime, recordRuntime } from './metrics/runtime-metrics.ts';
import { MetricStore } from './metrics/store.ts';
import { createStatusBoard } from './status/board.ts';

export interface ShowingOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly isDemo: boolean;
  /** From before a restart: shown on the page, never counted again. */
  readonly pastRuns: readonly ProbeRunFinished[];
}

/** Everything that shows what was measured: metrics by pull and push, status page, health. */
export interface Showing {
  readonly url: string;
  readonly sink: EventSink;
  configure(config: Config): void;
  stop(): Promise<void>;
}
