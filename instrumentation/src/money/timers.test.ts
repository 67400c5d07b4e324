import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { unrefTimers } from './timers.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('fires once after its time, unless it was cancelled', () => {
  const fired: string[] = [];
  unrefTimers.after(1000, () => fired.push('kept'));
  unrefTimers.after(1000, () => fired.push('cancelled'))();
  vi.advanceTimersByTime(999);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(fired).toEqual(['kept']);
});

it('keeps no process alive', () => {
  const unref = vi.fn();
  vi.stubGlobal('setTimeout', () => ({ unref }));
  unrefTimers.after(1000, () => undefined);
  expect(unref).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});

it('works where timers are numbers', () => {
  vi.stubGlobal('setTimeout', () => 7);
  const clear = vi.fn();
  vi.stubGlobal('clearTimeout', clear);
  unrefTimers.after(1000, () => undefined)();
  expect(clear).toHaveBeenCalledWith(7);
  vi.unstubAllGlobals();
});

it('counts in milliseconds and never goes back', () => {
  const before = unrefTimers.monotonic();
  vi.advanceTimersByTime(250);
  expect(unrefTimers.monotonic() - before).toBe(250);
});
