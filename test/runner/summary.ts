import type { Step, StepOutcome } from './step.ts';
import { sumOf, type TestTotals } from './vitest-report.ts';

export function allPassed(steps: readonly Step[], outcomes: readonly StepOutcome[]): boolean {
  return steps.every(({ name }) => outcomes.some((outcome) => outcome.name === name && hasPassed(outcome)));
}

export function hasPassed({ problem, isStopped = false }: StepOutcome): boolean {
  return problem === undefined && !isStopped;
}

export function verdictOf(outcome: StepOutcome): string {
  if (outcome.problem !== undefined) return 'FAILED';
  return hasPassed(outcome) ? 'passed' : 'stopped';
}

/**
 * What is printed at the end: a line per step, what failed and how to run that step alone, and, if any test
 * ran, `N passed, N failed` alone on the last line.
 */
export function summaryOf(steps: readonly Step[], outcomes: readonly StepOutcome[]): string[] {
  const width = Math.max(...steps.map(({ name }) => name.length));
  const lines = steps.map(({ name, background = false }) => {
    const outcome = outcomes.find((each) => each.name === name);
    const where = background ? ', in the background' : '';
    return `  ${name.padEnd(width)}  ${outcome === undefined ? 'not run' : `${timed(outcome)}${where}`}`;
  });
  for (const failed of outcomes.filter(({ problem }) => problem !== undefined)) {
    lines.push('', `FAILED at ${failed.name}: ${failed.problem}`);
    lines.push(...(failed.failures ?? []).map((line) => `  ${line}`));
    lines.push(`Again, this step alone: npm test -- --only ${failed.name}`);
  }
  const tests = outcomes.flatMap((outcome) => (outcome.tests === undefined ? [] : [outcome.tests]));
  if (tests.length > 0) lines.push('', closingLine(sumOf(tests)));
  return ['', ...lines];
}

function timed(outcome: StepOutcome): string {
  return `${verdictOf(outcome).padEnd('stopped'.length)}  ${outcome.seconds.toFixed(1)} s`;
}

function closingLine({ passed, failed, skipped }: TestTotals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
