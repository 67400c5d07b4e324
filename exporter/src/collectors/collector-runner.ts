import type { Clock } from '../domain/clock.ts';
import type { EventSink } from '../domain/events.ts';
import { PlatformError } from '../fal/platform.ts';
import type { Collector } from './collector.ts';
import { StatusPageError } from './status-page/document.ts';

export interface CollectorRunnerOptions {
  readonly clock: Clock;
  readonly emit: EventSink;
}

/** Runs collectors: each timed, each success counted, each failure kept from the others. Never rejects. */
export class CollectorRunner {
  readonly #options: CollectorRunnerOptions;
  /** Monotonic ms before which a rate-limited collector stays quiet. */
  readonly #quietUntil = new Map<string, number>();

  constructor(options: CollectorRunnerOptions) {
    this.#options = options;
  }

  readonly run = async (collector: Collector, signal: AbortSignal): Promise<void> => {
    const { clock, emit } = this.#options;
    const startedAt = clock.monotonic();
    if (startedAt < (this.#quietUntil.get(collector.name) ?? 0)) return;
    let problem: string | undefined;
    try {
      await collector.collect({ signal, emit });
    } catch (error) {
      if (signal.aborted) return;
      problem = inWords(error);
      this.#backOff(collector, error, startedAt);
    }
    const durationSeconds = (clock.monotonic() - startedAt) / 1000;
    emit({
      ...{ kind: 'collector_ran', at: clock.now(), collector: collector.name, durationSeconds, problem },
      ok: problem === undefined,
    });
  };

  #backOff(collector: Collector, error: unknown, now: number): void {
    const seconds = error instanceof PlatformError ? error.retryAfterSeconds : undefined;
    if (seconds !== undefined) this.#quietUntil.set(collector.name, now + seconds * 1000);
  }
}

/** Our own words only: an answer of a remote party may hold anything. */
function inWords(error: unknown): string {
  if (error instanceof StatusPageError) return error.message;
  if (!(error instanceof PlatformError))
    return error instanceof RangeError ? error.message : 'failed by a defect of the exporter';
  const { errorType } = error.classification;
  if (errorType === 'platform.authorization_error')
    return `${error.message}: the key is rejected or lacks the scope for it`;
  return error.message;
}
