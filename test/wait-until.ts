import { setTimeout as pause } from 'node:timers/promises';

export interface Waiting {
  /** Real milliseconds until we give up. */
  readonly withinMs: number;
  readonly everyMs?: number;
  /** What to show when it did not happen: output of a process, say. */
  readonly evidence?: () => string;
}

/**
 * Asks `check` again and again until it gives something other than undefined. For stories only, which watch
 * real processes from outside; code with a clock of its own is tested on a virtual one. A rejection of `check`
 * counts as "not yet" and is shown if the time runs out.
 */
export async function waitUntil<T>(
  what: string,
  check: () => T | undefined | Promise<T | undefined>,
  { withinMs, everyMs = 50, evidence }: Waiting,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let lastError: unknown;
  for (;;) {
    try {
      const found = await check();
      if (found !== undefined) return found;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) {
      const proof = evidence === undefined ? '' : `\n${evidence()}`;
      throw new Error(`waited ${withinMs} ms for this, and it did not happen: ${what}${proof}`, {
        cause: lastError,
      });
    }
    await pause(everyMs);
  }
}
