import type { Clock } from '../domain/clock.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import type { EventSink } from '../domain/events.ts';
import { PlatformError } from '../fal/platform.ts';
import { StateError } from '../state/state-error.ts';
import type { Collected, Collector } from './collector.ts';
import { CallQuota, QuotaError } from './quota.ts';
import { DeadlineError, readWithin } from './reading.ts';
import { StatusPageError } from './status-page/document.ts';

export interface CollectorRunnerOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly emit: EventSink;
}

/** After a first failure; doubles with each further one, up to the interval. */
const FIRST_RETRY_MS = 15_000;
/** Since the last call: a reading that hangs must not hide that nothing is read, and one of many pages may go on. */
const DEADLINE_MS = 60_000;
/** Between a reading that outlasted its interval and the next one, as a share of the interval. */
const LEAST_PAUSE = 0.1;

/** What is remembered of a collector, across configurations. */
interface Memory {
  readonly quota: CallQuota;
  /** One after the other, since the last success. */
  failures: number;
  /** Monotonic ms before which no call is allowed, by fal or by the quota. */
  quietUntil: number;
  /** A reading that was given up and has not ended. */
  isStuck: boolean;
}

type Ending = { readonly collected: Collected | void } | { readonly error: unknown };

/**
 * Runs collectors: each timed, each success counted, each failure kept from the others. `run` never rejects, and
 * resolves with the milliseconds until the collector is due again: its interval after a success, less after a
 * failure, and whatever fal asks for when it limits the rate or the calls of the hour are used up.
 */
export class CollectorRunner {
  readonly #options: CollectorRunnerOptions;
  readonly #memories = new Map<CollectorName, Memory>();

  constructor(options: CollectorRunnerOptions) {
    this.#options = options;
  }

  readonly run = async (collector: Collector, signal: AbortSignal): Promise<number> => {
    const { clock } = this.#options;
    const memory = this.#memoryOf(collector.name);
    const startedAt = clock.monotonic();
    if (startedAt < memory.quietUntil) return memory.quietUntil - startedAt;
    const ending = memory.isStuck
      ? { error: new DeadlineError('the reading before it was given up and has not ended') }
      : await this.#read(collector, memory, signal);
    const tookMs = clock.monotonic() - startedAt;
    if (signal.aborted) return collector.intervalMs;
    this.#tell(collector, memory, ending, tookMs);
    if ('error' in ending) return this.#backOff(collector, memory, ending.error);
    memory.failures = 0;
    return Math.max(collector.intervalMs - tookMs, collector.intervalMs * LEAST_PAUSE);
  };

  #memoryOf(collector: CollectorName): Memory {
    const { clock } = this.#options;
    const known = this.#memories.get(collector);
    if (known !== undefined) return known;
    const quota = new CallQuota({ collector, clock });
    const memory = { quota, failures: 0, quietUntil: -Infinity, isStuck: false };
    this.#memories.set(collector, memory);
    return memory;
  }

  async #read(collector: Collector, memory: Memory, signal: AbortSignal): Promise<Ending> {
    const { clock, emit } = this.#options;
    // What is on the way to fal may wrap it: the collector then rejects with words about a call that never was.
    let refusal: QuotaError | undefined;
    const spendCall = (): void => {
      try {
        memory.quota.spend(collector.callsPerHour);
      } catch (error) {
        if (error instanceof QuotaError) refusal = error;
        throw error;
      }
    };
    const onStuck = (isStuck: boolean): void => void (memory.isStuck = isStuck);
    try {
      const collected = await readWithin({ clock, deadlineMs: DEADLINE_MS, signal, onStuck }, (time) =>
        collector.collect({
          signal: time.signal,
          emit: (event) => {
            if (!time.signal.aborted) emit(event);
          },
          spendCall: () => {
            spendCall();
            time.goesOn();
          },
        }),
      );
      return { collected };
    } catch (error) {
      return { error: refusal ?? error };
    }
  }

  #tell({ name: collector, intervalMs }: Collector, memory: Memory, ending: Ending, tookMs: number): void {
    const { clock, emit } = this.#options;
    const at = clock.now();
    const ran = { kind: 'collector_ran', at, collector, intervalMs, durationSeconds: tookMs / 1000 } as const;
    const calls = memory.quota.spent;
    if ('error' in ending) emit({ ...ran, calls, ok: false, problem: inWords(ending.error) });
    else emit({ ...ran, calls, ok: true, dataUntil: ending.collected?.dataUntil ?? at });
  }

  #backOff({ intervalMs }: Collector, memory: Memory, error: unknown): number {
    const { clock, random } = this.#options;
    const retryAfterMs = retryAfterMsOf(error);
    if (retryAfterMs !== undefined) memory.quietUntil = clock.monotonic() + retryAfterMs;
    const growth = 2 ** memory.failures;
    memory.failures += 1;
    // Half of it at least: many exporters that failed together do not come back together.
    const waitMs = Math.min(intervalMs, FIRST_RETRY_MS * growth * (0.5 + random() / 2));
    return Math.max(waitMs, retryAfterMs ?? 0);
  }
}

/** How long nobody may ask, where somebody said so. */
function retryAfterMsOf(error: unknown): number | undefined {
  const isTold = error instanceof QuotaError || error instanceof PlatformError;
  const seconds = isTold ? error.retryAfterSeconds : undefined;
  // A fraction of a millisecond too early is refused again.
  return seconds === undefined ? undefined : Math.ceil(seconds * 1000) + 1;
}

/** Our own words only: an answer of a remote party may hold anything. */
function inWords(error: unknown): string {
  const isOurs = [QuotaError, DeadlineError, StateError, StatusPageError, RangeError].some(
    (own) => error instanceof own,
  );
  if (isOurs) return (error as Error).message;
  if (!(error instanceof PlatformError)) return 'failed by a defect of the exporter';
  const { errorType } = error.classification;
  if (errorType === 'platform.authorization_error')
    return `${error.message}: the key is rejected or lacks the scope for it`;
  return error.message;
}
