import { type Clock, wait } from '../clock.ts';

/** Servers and proxies commonly send a comment at such a pace. */
const HEARTBEAT_MS = 5000;
const HEARTBEAT = { done: false, value: ': heartbeat\n\n' } as const;

/** No JSON; spoilt answers carry it too. */
export const NO_JSON = '{"detail": unexpected';

/** The first event, then nothing more until the caller hangs up. */
export async function* silenced(events: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<string> {
  for await (const event of events) {
    yield event;
    await aborted(signal);
    return;
  }
}

/** The first event, then the regular end of the stream. */
export async function* endedEarly(events: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const event of events) {
    yield event;
    return;
  }
}

/** An event that is no JSON behind the first one. */
export async function* withInvalidEvent(events: AsyncIterable<string>): AsyncGenerator<string> {
  let count = 0;
  for await (const event of events) {
    yield event;
    count += 1;
    if (count === 1) yield `data: ${NO_JSON}\n\n`;
  }
}

/** The events, and a comment whenever none came for a while. */
export async function* withHeartbeats(
  events: AsyncIterable<string>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const iterator: AsyncIterator<string, unknown> = events[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const isHere = await comesInTime(next, clock, signal);
      if (signal.aborted) return;
      const event = isHere ? await next : HEARTBEAT;
      if (event.done === true) return;
      yield event.value;
      if (isHere) next = iterator.next();
    }
  } finally {
    // It may wait for the signal that was aborted just now: nobody waits for its end.
    void iterator.return?.();
  }
}

/** Whether it settles before the next heartbeat is due. */
async function comesInTime(next: Promise<unknown>, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const stop = new AbortController();
  const settled = next.then(
    () => true,
    () => true,
  );
  const due = wait(clock, HEARTBEAT_MS, AbortSignal.any([signal, stop.signal])).then(() => false);
  const isInTime = await Promise.race([settled, due]);
  stop.abort();
  return isInTime;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
