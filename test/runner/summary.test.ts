import { expect, test } from 'vitest';
import type { Step, StepOutcome } from './step.ts';
import { allPassed, summaryOf } from './summary.ts';

const steps: readonly Step[] = [
  ['lint', true],
  ['unit', false],
  ['stories', false],
].map(([name, background]) => ({
  ...{ name: String(name), about: '', run: () => Promise.resolve({}) },
  ...(background === true && { background }),
}));

const passed = (name: string, tests?: number): StepOutcome => ({
  ...{ name, seconds: 0.5 },
  ...(tests !== undefined && { tests: { passed: tests, failed: 0, skipped: 0 } }),
});

test('a run that passed has a line for each step in its order, and the tests of all added up', () => {
  const outcomes = [passed('unit', 40), passed('lint'), passed('stories', 2)];
  expect(allPassed(steps, outcomes)).toBe(true);
  expect(summaryOf(steps, outcomes)).toEqual([
    '',
    '  lint     passed   0.5 s, in the background',
    '  unit     passed   0.5 s',
    '  stories  passed   0.5 s',
    '',
    '42 passed, 0 failed',
  ]);
});

test('a run that failed says where, what was stopped, what did not run, and how to try again', () => {
  const failed: StepOutcome = {
    ...{ name: 'unit', seconds: 61.25, problem: '1 failed', failures: ['a.test.ts: the sum is right'] },
    tests: { passed: 6, failed: 1, skipped: 0 },
  };
  const outcomes = [failed, { name: 'lint', seconds: 61, isStopped: true }];
  expect(allPassed(steps, outcomes)).toBe(false);
  expect(summaryOf(steps, outcomes).slice(1)).toEqual([
    '  lint     stopped  61.0 s, in the background',
    '  unit     FAILED   61.3 s',
    '  stories  not run',
    '',
    'FAILED at unit: 1 failed',
    '  a.test.ts: the sum is right',
    'Again, this step alone: npm test -- --only unit',
    '',
    '6 passed, 1 failed',
  ]);
});

test('a run that reached no test claims no test', () => {
  const outcomes = [{ name: 'lint', seconds: 1, problem: 'exit code 1' }];
  expect(summaryOf(steps, outcomes).join('\n')).not.toMatch(/\d+ passed, \d+ failed/);
});

test.each([
  { what: 'without an outcome', outcomes: [passed('lint'), passed('unit')] },
  {
    what: 'that were stopped',
    outcomes: [passed('lint'), passed('unit'), { ...passed('stories'), isStopped: true }],
  },
])('steps $what are not a pass', ({ outcomes }) => {
  expect(allPassed(steps, outcomes)).toBe(false);
});

test('skipped tests are counted aloud', () => {
  const tests = { passed: 1, failed: 0, skipped: 3 };
  const outcomes = [{ name: 'unit', seconds: 1, problem: '3 skipped', tests }];
  expect(summaryOf(steps, outcomes).at(-1)).toBe('1 passed, 0 failed, 3 skipped');
});
