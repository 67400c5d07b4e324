import { expect, test } from 'vitest';
import { allPassed, runSteps, summaryOf, type Step, type StepResult } from './run-steps.ts';

/** Each look at this clock is 500 ms after the one before. */
function surroundings(): { said: string[]; say: (line: string) => void; monotonic: () => number } {
  const said: string[] = [];
  let now = 0;
  return { said, say: (line) => said.push(line), monotonic: () => (now += 500) };
}

const step = (name: string, result: StepResult | Error): Step => ({
  name,
  about: `about ${name}`,
  run: () => (result instanceof Error ? Promise.reject(result) : Promise.resolve(result)),
});

test('steps run in order, each named and timed, and the tests of all are added up', async () => {
  const steps = [
    step('types', {}),
    step('unit', { tests: { passed: 40, failed: 0, skipped: 0 } }),
    step('stories', { tests: { passed: 2, failed: 0, skipped: 0 } }),
  ];
  const around = surroundings();
  const outcomes = await runSteps(steps, around);
  expect(around.said.map((line) => line.trim())).toEqual([
    '== 1/3 types: about types',
    '== types passed after 0.5 s',
    '== 2/3 unit: about unit',
    '== unit passed after 0.5 s',
    '== 3/3 stories: about stories',
    '== stories passed after 0.5 s',
  ]);
  expect(allPassed(steps, outcomes)).toBe(true);
  expect(summaryOf(steps, outcomes).slice(1)).toEqual([
    '  types    passed  0.5 s',
    '  unit     passed  0.5 s',
    '  stories  passed  0.5 s',
    '',
    '42 passed, 0 failed',
  ]);
});

test('the first failure stops the run, and the summary says what did not run and how to try again', async () => {
  const steps = [
    step('lint', {}),
    step('unit', {
      problem: '1 failed',
      tests: { passed: 6, failed: 1, skipped: 0 },
      failures: ['a.test.ts: the sum is right'],
    }),
    step('stories', { tests: { passed: 5, failed: 0, skipped: 0 } }),
  ];
  const outcomes = await runSteps(steps, surroundings());
  expect(allPassed(steps, outcomes)).toBe(false);
  expect(summaryOf(steps, outcomes).slice(1)).toEqual([
    '  lint     passed  0.5 s',
    '  unit     FAILED  0.5 s',
    '  stories  not run',
    '',
    'FAILED at unit: 1 failed',
    '  a.test.ts: the sum is right',
    'Again, this step alone: npm test -- --only unit',
    '',
    '6 passed, 1 failed',
  ]);
});

test('an exception in a step is the failure of that step', async () => {
  const steps = [step('debian-packages', new Error('promtool is missing')), step('types', {})];
  const outcomes = await runSteps(steps, surroundings());
  expect(outcomes).toEqual([{ name: 'debian-packages', seconds: 0.5, problem: 'promtool is missing' }]);
  expect(allPassed(steps, outcomes)).toBe(false);
});

test('a run that reached no test claims no test', async () => {
  const steps = [step('lint', { problem: 'exit code 1' }), step('unit', {})];
  const outcomes = await runSteps(steps, surroundings());
  expect(summaryOf(steps, outcomes).join('\n')).not.toMatch(/\d+ passed, \d+ failed/);
});

test('steps without an outcome are not a pass', () => {
  expect(allPassed([step('unit', {})], [])).toBe(false);
});

test('skipped tests are counted aloud', async () => {
  const steps = [step('unit', { problem: '3 skipped', tests: { passed: 1, failed: 0, skipped: 3 } })];
  expect(summaryOf(steps, await runSteps(steps, surroundings())).at(-1)).toBe(
    '1 passed, 0 failed, 3 skipped',
  );
});
