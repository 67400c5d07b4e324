import { expect, test } from 'vitest';
import { failuresOf, problemWith, sumOf, totalsOf } from './vitest-report.ts';

const report = (changes: object): string =>
  JSON.stringify({
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
    ...changes,
  });

test('a clean report passes', () => {
  const totals = totalsOf(report({}));
  expect(totals).toEqual({ passed: 5, failed: 0, skipped: 0 });
  expect(problemWith(totals)).toBeUndefined();
});

test('failed tests fail the run', () => {
  const failed = { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] };
  const totals = totalsOf(report({ numFailedTests: 1, testResults: [failed] }));
  expect(totals.failed).toBe(1);
  expect(problemWith(totals)).toBe('1 failed');
});

test('a file that breaks before its first test is a failure, which vitest does not count', () => {
  const totals = totalsOf(report({ testResults: [{ status: 'failed', assertionResults: [] }] }));
  expect(totals.failed).toBe(1);
});

test('skipped and todo tests fail the run', () => {
  expect(problemWith(totalsOf(report({ numPendingTests: 1, numTodoTests: 2 })))).toMatch(
    /^3 skipped or todo/,
  );
});

test('a run without any test fails', () => {
  expect(problemWith(totalsOf(report({ numPassedTests: 0, testResults: [] })))).toBe('no test ran');
});

test('a report of another shape is refused and not read as zero', () => {
  expect(() => totalsOf(JSON.stringify({ testResults: [] }))).toThrow('expected a vitest json report');
  expect(() => totalsOf('half a rep')).toThrow();
});

test('totals add up', () => {
  const one = { passed: 1, failed: 2, skipped: 3 };
  expect(sumOf([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  expect(sumOf([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

test('the failed tests are named with why, seed and counterexample included, also those of a file that broke', () => {
  const failed = {
    name: 'a.test.ts',
    status: 'failed',
    assertionResults: [
      {
        status: 'failed',
        fullName: 'the sum is right',
        failureMessages: ['Property failed\n{ seed: 7 }\n    at line 3\n\nHint: x'],
      },
      { status: 'passed', fullName: 'the rest' },
    ],
  };
  const broken = {
    name: 'b.test.ts',
    status: 'failed',
    message: 'no such import\n    at more',
    assertionResults: [],
  };
  expect(failuresOf(report({ testResults: [failed, broken] }))).toEqual([
    'a.test.ts: the sum is right',
    '    Property failed',
    '    { seed: 7 }',
    '    Hint: x',
    'b.test.ts',
    '    no such import',
  ]);
  expect(failuresOf(report({}))).toEqual([]);
});
