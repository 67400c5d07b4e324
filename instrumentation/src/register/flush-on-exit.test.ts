import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EndingProcess, flushOnExit } from './flush-on-exit.ts';

const DEADLINE_MS = 5_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A process whose signals are events, and which remembers how it was killed. */
function fakeProcess(): { process: EndingProcess & EventEmitter; kills: string[] } {
  const kills: string[] = [];
  const kill = (pid: number, signal: string): void => void kills.push(`${pid} ${signal}`);
  return { process: Object.assign(new EventEmitter(), { pid: 42, kill }), kills };
}

function setUp(flush: () => Promise<unknown>): ReturnType<typeof fakeProcess> & { flushes: () => number } {
  const fake = fakeProcess();
  const spy = vi.fn(flush);
  flushOnExit({ process: fake.process, flush: spy, deadlineMs: DEADLINE_MS });
  return { ...fake, flushes: () => spy.mock.calls.length };
}

const never = (): Promise<never> => new Promise(() => undefined);

test.each(['SIGTERM', 'SIGINT'])('%s kills the process as it would have, after the flush', async (signal) => {
  let finish = (): void => undefined;
  const { process, kills } = setUp(() => new Promise<void>((resolve) => (finish = resolve)));
  process.emit(signal);
  await vi.advanceTimersByTimeAsync(100);
  expect(kills).toEqual([]);
  finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(kills).toEqual([`42 ${signal}`]);
  await vi.advanceTimersByTimeAsync(2 * DEADLINE_MS);
  expect(kills).toHaveLength(1);
});

test('a flush that fails, or throws, does not hold the signal back', async () => {
  const failing = [(): Promise<never> => Promise.reject(new Error('down')), throwing];
  for (const flush of failing) {
    const { process, kills } = setUp(flush);
    process.emit('SIGTERM');
    await vi.advanceTimersByTimeAsync(0);
    expect(kills).toEqual(['42 SIGTERM']);
  }
});

test('a flush that hangs holds the signal back until the deadline, and keeps the process alive for so long', async () => {
  const { process, kills } = setUp(never);
  process.emit('SIGTERM');
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(DEADLINE_MS - 1);
  expect(kills).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(kills).toEqual(['42 SIGTERM']);
});

test('a second signal finds no listener of ours, so it kills at once', () => {
  const { process } = setUp(never);
  process.emit('SIGINT');
  expect(process.listenerCount('SIGINT')).toBe(0);
  expect(process.listenerCount('SIGTERM')).toBe(0);
});

test('an app that listens ends by itself: we flush, and never kill', async () => {
  const { process, kills, flushes } = setUp(() => Promise.resolve());
  const app = vi.fn();
  process.on('SIGTERM', app);
  process.emit('SIGTERM');
  await vi.advanceTimersByTimeAsync(2 * DEADLINE_MS);
  expect(app).toHaveBeenCalledOnce();
  expect(flushes()).toBe(1);
  expect(kills).toEqual([]);
});

test('a listener that acts only when it is alone does not find us', () => {
  const { process } = setUp(never);
  const seen: number[] = [];
  process.on('SIGTERM', () => void seen.push(process.listenerCount('SIGTERM')));
  process.emit('SIGTERM');
  expect(seen).toEqual([1]);
});

test('the end of all work is flushed once, because the flush itself is followed by another end', () => {
  const { process, flushes, kills } = setUp(() => Promise.resolve());
  process.emit('beforeExit');
  process.emit('beforeExit');
  expect(flushes()).toBe(1);
  expect(kills).toEqual([]);
});

function throwing(): never {
  throw new Error('at once');
}
