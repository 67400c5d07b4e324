/** What we need of the process: that it tells when it ends, and lets us end it as it would have. */
export interface EndingProcess {
  readonly pid: number;
  prependListener(signal: EndingSignal, listener: () => void): unknown;
  removeListener(signal: EndingSignal, listener: () => void): unknown;
  listenerCount(signal: EndingSignal): number;
  once(event: 'beforeExit', listener: () => void): unknown;
  kill(pid: number, signal: EndingSignal): unknown;
}

export type EndingSignal = 'SIGTERM' | 'SIGINT';

export interface FlushOnExitOptions {
  readonly process: EndingProcess;
  /** Sends what was measured and not sent yet. */
  readonly flush: () => Promise<unknown>;
  /** How long a signal may be held back, in milliseconds. */
  readonly deadlineMs: number;
}

const SIGNALS: readonly EndingSignal[] = ['SIGTERM', 'SIGINT'];

/**
 * Flushes before the process ends, and leaves how it ends alone:
 *
 * - no listener of the app: the signal would have killed the process. It still does, after the flush. A second
 *   signal does at once, because our listener is gone by then;
 * - the app listens: it decides when to end, and we flush meanwhile. Listeners that look for others, as those of
 *   signal-exit do, do not find us: we come first and are gone when they are called;
 * - nothing left to do: the flush is the last work of the event loop, once.
 */
export function flushOnExit({ process, flush, deadlineMs }: FlushOnExitOptions): void {
  const listeners = SIGNALS.map((signal) => [signal, (): void => onSignal(signal)] as const);
  for (const [signal, listener] of listeners) process.prependListener(signal, listener);
  process.once('beforeExit', () => void settled(flush));

  function onSignal(signal: EndingSignal): void {
    for (const [each, listener] of listeners) process.removeListener(each, listener);
    const isOurs = process.listenerCount(signal) === 0;
    const flushed = settled(flush);
    if (!isOurs) return;
    // This timer keeps the process alive: without it the end of the last work would be an end by code 0.
    const deadline = setTimeout(end, deadlineMs);
    void flushed.then(() => {
      clearTimeout(deadline);
      end();
    });

    function end(): void {
      process.kill(process.pid, signal);
    }
  }
}

/** Ends when the flush does, whether it went well or not: there is nobody left to tell. */
async function settled(flush: () => Promise<unknown>): Promise<void> {
  try {
    await flush();
  } catch {
    // Exporters tell their own failures.
  }
}
