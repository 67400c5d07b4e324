import { expect, test, vi } from 'vitest';
import { ClosableClock, realClock, wait } from './clock.ts';
import { VIRTUAL_START_MS, VirtualClock } from './virtual-clock.ts';

test('timers fire in order of time, then of creation, at their own time', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const note = (name: string) => (): void => void seen.push(`${name}@${clock.now() - VIRTUAL_START_MS}`);
  clock.after(20, note('late'));
  clock.after(10, note('first'));
  clock.after(10, note('second'));
  await clock.advance(15);
  expect(seen).toEqual(['first@10', 'second@10']);
  expect(clock.monotonic()).toBe(15);
  await clock.advance(5);
  expect(seen).toEqual(['first@10', 'second@10', 'late@20']);
});

test('a timer set by a promise chain during the advance still fires within it', async () => {
  const clock = new VirtualClock(0);
  const seen: number[] = [];
  const chain = async (): Promise<void> => {
    for (let step = 0; step < 5; step += 1) {
      await wait(clock, 10);
      await Promise.resolve();
      seen.push(clock.now());
    }
  };
  const done = chain();
  await clock.advance(50);
  await done;
  expect(seen).toEqual([10, 20, 30, 40, 50]);
});

test('a cancelled timer never fires', async () => {
  const clock = new VirtualClock();
  const callback = vi.fn();
  clock.after(5, callback)();
  await clock.advance(10);
  expect(callback).not.toHaveBeenCalled();
  expect(clock.pending).toBe(0);
});

test('waiting ends early when the signal aborts, and leaves no timer behind', async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const waiting = wait(clock, 1000, controller.signal);
  expect(clock.pending).toBe(1);
  controller.abort();
  await waiting;
  expect(clock.pending).toBe(0);
});

test('a closed clock cancels what is pending and takes nothing new', async () => {
  const base = new VirtualClock();
  const clock = new ClosableClock(base);
  const callback = vi.fn();
  clock.after(5, callback);
  clock.close();
  clock.after(5, callback);
  await base.advance(10);
  expect(callback).not.toHaveBeenCalled();
  expect(clock.pending).toBe(0);
});

test('the real clock keeps a delay that is longer than the longest timer', async () => {
  vi.useFakeTimers();
  try {
    const callback = vi.fn();
    const thirtyDays = 30 * 86_400_000;
    realClock.after(thirtyDays, callback);
    await vi.advanceTimersByTimeAsync(thirtyDays - 1);
    expect(callback).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(callback).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});
