import { vi } from 'vitest';

/** Where every world begins: 2026-10-01 12:00 UTC. */
const START_MS = Date.UTC(2026, 9, 1, 12);

/** The real one, which no fake replaces: only it lets promises, streams and files do their work. */
const nextTurn = globalThis.setImmediate;

/** Turns of the event loop in which whatever is under way without a timer comes to rest. */
const TURNS = 5;

/**
 * One clock for everybody: the client's pauses, the simulator and the telemetry all read the same fake time, which
 * stands still until somebody lets it pass.
 */
export function beginTime(): void {
  vi.useFakeTimers({
    now: START_MS,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
}

/** Milliseconds since the world began. */
export function elapsedMs(): number {
  return Date.now() - START_MS;
}

let underWay = 0;

/** Work that needs real time, such as a signature that another thread checks: no fake time passes meanwhile. */
export async function atWork<T>(work: Promise<T>): Promise<T> {
  underWay += 1;
  try {
    return await work;
  } finally {
    underWay -= 1;
  }
}

/** Lets everything happen that needs no time. */
export async function comeToRest(): Promise<void> {
  for (let turn = 0; turn < TURNS || underWay > 0; turn += 1) {
    await new Promise((resolve) => nextTurn(resolve));
  }
}

/** Lets everything that happens within `ms` happen, one timer after the other. */
export async function pass(ms: number): Promise<void> {
  const until = elapsedMs() + ms;
  await comeToRest();
  while (elapsedMs() < until) {
    // A timer of its own at the end, so that no step goes beyond it.
    const end = setTimeout(() => undefined, until - elapsedMs());
    vi.advanceTimersToNextTimer();
    clearTimeout(end);
    await comeToRest();
  }
}

/** Lets time pass until the promise settles, but no longer than `ms`. Says whether it has. */
export async function passUntil(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let isSettled = false;
  const settle = (): void => void (isSettled = true);
  promise.then(settle, settle);
  const until = elapsedMs() + ms;
  await comeToRest();
  while (!isSettled && elapsedMs() < until && vi.getTimerCount() > 0) {
    vi.advanceTimersToNextTimer();
    await comeToRest();
  }
  return isSettled;
}

/** A pause of the app under test. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
