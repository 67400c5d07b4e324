import type { DiagLogger } from '@opentelemetry/api';

/** Keeps whatever fails inside the telemetry away from the caller, and says so once per kind of failure. */
export class Fence {
  readonly #log: Pick<DiagLogger, 'error'>;
  readonly #said = new Set<string>();

  constructor(log: Pick<DiagLogger, 'error'>) {
    this.#log = log;
  }

  /** The result of `fn`, or undefined when it threw. `what` is said in the log: "counting a request", always alike. */
  try<T>(what: string, fn: () => T): T | undefined {
    try {
      return fn();
    } catch (error) {
      this.failed(what, error);
      return undefined;
    }
  }

  /** The same for what was caught elsewhere: on the way of every request a `try` of its own saves a closure. */
  failed(what: string, error: unknown): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    const cause = error instanceof Error ? (error.stack ?? error.message) : `a ${typeof error} was thrown`;
    try {
      this.#log.error(
        `fal telemetry: ${what} failed. Requests are not affected, their numbers may be incomplete. Please report this; it is said once. ${cause}`,
      );
    } catch {
      // A logger that fails cannot be told so.
    }
  }
}
