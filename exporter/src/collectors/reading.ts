import type { Clock } from '../domain/clock.ts';
import { span } from '../domain/words.ts';

/** A reading went on for too long without doing anything. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** What a reading is handed. */
export interface ReadingTime {
  readonly signal: AbortSignal;
  /** Begins the deadline anew: it goes on, page by page. */
  readonly goesOn: () => void;
}

export interface ReadingLimits {
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** True for a reading that was given up and goes on although it was aborted, false when it has ended at last. */
  readonly onStuck: (isStuck: boolean) => void;
}

/**
 * Runs `read` and gives it up after the deadline, or when `signal` aborts: its own signal then aborts, and what it
 * does afterwards is no longer waited for.
 *
 * @throws DeadlineError, the reason of `signal`, or what `read` rejects with.
 */
export async function readWithin<T>(
  limits: ReadingLimits,
  read: (time: ReadingTime) => Promise<T>,
): Promise<T> {
  const { signal, onStuck } = limits;
  const own = new AbortController();
  const deadline = new Deadline(limits, (error) => own.abort(error));
  const givenUp = new Promise<never>((_resolve, reject) => {
    own.signal.addEventListener('abort', () => reject(own.signal.reason as Error), { once: true });
  });
  const abort = (): void => own.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  let hasEnded = false;
  const reading = Promise.resolve({ signal: own.signal, goesOn: () => deadline.restart() })
    .then(read)
    .finally(() => {
      hasEnded = true;
      onStuck(false);
    });
  try {
    return await Promise.race([reading, givenUp]);
  } catch (error) {
    onStuck(!hasEnded);
    throw own.signal.aborted ? (own.signal.reason as Error) : error;
  } finally {
    deadline.end();
    signal.removeEventListener('abort', abort);
  }
}

class Deadline {
  readonly #limits: ReadingLimits;
  readonly #onPassed: (error: DeadlineError) => void;
  #cancel = (): void => undefined;
  #isOver = false;

  constructor(limits: ReadingLimits, onPassed: (error: DeadlineError) => void) {
    this.#limits = limits;
    this.#onPassed = onPassed;
    this.restart();
  }

  restart(): void {
    if (this.#isOver) return;
    this.#cancel();
    const { clock, deadlineMs } = this.#limits;
    this.#cancel = clock.after(deadlineMs, () => {
      this.#onPassed(new DeadlineError(`nothing read within ${span(deadlineMs / 1000)}, given up`));
    });
  }

  end(): void {
    this.#isOver = true;
    this.#cancel();
  }
}
