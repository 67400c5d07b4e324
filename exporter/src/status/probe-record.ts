import type { ProbeConfig } from '../config/config.ts';
import type { SkipReason } from '../domain/events.ts';
import { RunHistory } from './run-history.ts';
import type { Seen } from './seen.ts';
import type { ProbeFacts, ProbeView, RunView, SkippedView } from './view.ts';

/** What is remembered of one configured probe. */
export class ProbeRecord {
  config: ProbeConfig;
  readonly #history = new RunHistory();
  #lastStart: Seen | undefined;
  #lastEnd: Seen | undefined;
  #isRunning = false;
  #skipped: SkippedView | undefined;

  constructor(config: ProbeConfig) {
    this.config = config;
  }

  started(seen: Seen): void {
    this.#lastStart = seen;
    this.#isRunning = true;
  }

  finished(run: RunView, seen: Seen): void {
    this.#history.add(run, seen.monotonic);
    this.#lastEnd = seen;
    this.#isRunning = false;
    this.#skipped = undefined;
  }

  skip(reason: SkipReason, { at }: Seen): void {
    this.#skipped = { at, reason, count: (this.#skipped?.count ?? 0) + 1 };
  }

  view(now: Seen, exporterStart: Seen, scheduledAt: number | undefined): ProbeView {
    return {
      ...this.facts(now, exporterStart, scheduledAt),
      windows: this.#history.windows(now.monotonic),
    };
  }

  facts(now: Seen, exporterStart: Seen, scheduledAt: number | undefined): ProbeFacts {
    const { config } = this;
    const lastData = this.#lastEnd ?? exporterStart;
    const dataAgeSeconds = Math.max(0, now.monotonic - lastData.monotonic) / 1000;
    return {
      name: config.name,
      tier: config.tier,
      endpointId: config.endpointId,
      intervalSeconds: config.intervalMs / 1000,
      timeoutSeconds: config.timeoutMs / 1000,
      runs: this.#history.runs,
      condition: this.#history.condition,
      runningSince: this.#isRunning ? this.#lastStart?.at : undefined,
      nextRun: this.#nextRun(now, scheduledAt),
      dataAgeSeconds,
      isStale: dataAgeSeconds > (3 * config.intervalMs + config.timeoutMs) / 1000,
      skipped: this.#skipped,
    };
  }

  #nextRun(now: Seen, scheduledAt: number | undefined): ProbeView['nextRun'] {
    if (this.#isRunning) return undefined;
    if (scheduledAt !== undefined && Number.isFinite(scheduledAt)) {
      return { at: scheduledAt, isEstimate: false };
    }
    if (this.#lastStart === undefined) return undefined;
    const dueInMs = this.#lastStart.monotonic + this.config.intervalMs - now.monotonic;
    return dueInMs <= 0 ? undefined : { at: now.at + dueInMs, isEstimate: true };
  }
}
