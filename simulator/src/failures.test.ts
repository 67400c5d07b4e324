import { expect, test } from 'vitest';
import { Failures } from './failures.ts';
import { seededRandom } from './random.ts';
import { Wire } from './wire/wire.ts';

const ATTEMPT = { endpointId: 'a/b', mode: 'queue', attempt: 1 } as const;

test('a rule strikes as often as told, at its place only', () => {
  const failures = new Failures(seededRandom(1));
  failures.add({ errorType: 'runner_disconnected', times: 2 });
  expect(failures.strike('gateway', ATTEMPT)).toBeUndefined();
  expect(failures.strike('queue', ATTEMPT)).toBeUndefined();
  const struck = [1, 2, 3].map(() => failures.strike('runner', ATTEMPT)?.errorType);
  expect(struck).toEqual(['runner_disconnected', 'runner_disconnected', undefined]);
});

test('a rule keeps to its endpoint, its modes and the first attempts of a job', () => {
  const failures = new Failures(seededRandom(1));
  failures.add({
    endpointId: 'a/b',
    errorType: 'runner_disconnected',
    modes: ['queue'],
    attemptsPerJob: 2,
  });
  expect(failures.strike('runner', { ...ATTEMPT, attempt: 2 })).toBeDefined();
  expect(failures.strike('runner', { ...ATTEMPT, attempt: 3 })).toBeUndefined();
  expect(failures.strike('runner', { ...ATTEMPT, mode: 'run' })).toBeUndefined();
  expect(failures.strike('runner', { ...ATTEMPT, endpointId: 'a/c' })).toBeUndefined();
});

test('a rate strikes that share of the attempts', () => {
  const failures = new Failures(seededRandom(5));
  failures.add({ errorType: 'internal_error', rate: 0.25 });
  const struck = Array.from({ length: 4000 }, () => failures.strike('runner', ATTEMPT)).filter(Boolean);
  expect(Math.abs(struck.length - 1000)).toBeLessThan(100);
});

test('a rule can be taken back', () => {
  const failures = new Failures(seededRandom(1));
  const takeBack = failures.add({ errorType: 'internal_error' });
  takeBack();
  expect(failures.strike('runner', ATTEMPT)).toBeUndefined();
});

test.each([
  [{ errorType: 'nonsense' }, /no such fal error type/],
  [{ errorType: 'internal_error', rate: 1.5 }, /between 0 and 1/],
  [{ errorType: 'internal_error', rate: NaN }, /between 0 and 1/],
  [{ errorType: 'internal_error', times: 0 }, /at least once/],
])('the failure rule %j is refused', (rule, message) => {
  expect(() => new Failures(seededRandom(1)).add(rule)).toThrow(message);
});

test.each([
  [{ fault: 'nonsense' as 'hang' }, /no such wire fault: nonsense; known are hang/],
  [{ fault: 'error' as const }, /no such fal error type/],
  [{ fault: 'hang' as const, rate: -1 }, /between 0 and 1/],
  [{ fault: 'hang' as const, times: 0 }, /at least once/],
])('the wire rule %j is refused', (rule, message) => {
  expect(() => new Wire(seededRandom(1)).add(rule)).toThrow(message);
});
