import { sumOf, type TestTotals } from './vitest-report.ts';

/** One thing that `npm test` does. */
export interface Step {
  /** What `--only` takes. */
  readonly name: string;
  /** For `--list`: what the step makes sure of. */
  readonly about: string;
  run(): Promise<StepResult>;
}

export interface StepResult {
  /** Why the step failed; absent when it passed. */
  readonly problem?: string | undefined;
  /** Present when the step ran tests. */
  readonly tests?: TestTotals | undefined;
  /** Lines that name what failed, for the end of the log. */
  readonly failures?: readonly string[] | undefined;
}

export interface StepOutcome extends StepResult {
  readonly name: string;
  readonly seconds: number;
}

export interface Surroundings {
  readonly say: (line: string) => void;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

/** Runs the steps in order and stops at the first that fails. An exception in a step is its failure. */
export async function runSteps(
  steps: readonly Step[],
  { say, monotonic }: Surroundings,
): Promise<StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  for (const [index, step] of steps.entries()) {
    say(`\n== ${index + 1}/${steps.length} ${step.name}: ${step.about}`);
    const started = monotonic();
    const result = await resultOf(step);
    const seconds = (monotonic() - started) / 1000;
    say(`== ${step.name} ${verdictOf(result)} after ${seconds.toFixed(1)} s`);
    outcomes.push({ ...result, name: step.name, seconds });
    if (result.problem !== undefined) break;
  }
  return outcomes;
}

async function resultOf(step: Step): Promise<StepResult> {
  try {
    return await step.run();
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

export function allPassed(steps: readonly Step[], outcomes: readonly StepOutcome[]): boolean {
  return outcomes.length === steps.length && outcomes.every(({ problem }) => problem === undefined);
}

/**
 * What is printed at the end: a line per step, what failed and how to run that step alone, and, if any test
 * ran, `N passed, N failed` alone on the last line.
 */
export function summaryOf(steps: readonly Step[], outcomes: readonly StepOutcome[]): string[] {
  const width = Math.max(...steps.map(({ name }) => name.length));
  const lines = steps.map(({ name }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) return `  ${name.padEnd(width)}  not run`;
    return `  ${name.padEnd(width)}  ${verdictOf(outcome)}  ${outcome.seconds.toFixed(1)} s`;
  });
  const failed = outcomes.find(({ problem }) => problem !== undefined);
  if (failed?.problem !== undefined) {
    lines.push('', `FAILED at ${failed.name}: ${failed.problem}`);
    lines.push(...(failed.failures ?? []).map((line) => `  ${line}`));
    lines.push(`Again, this step alone: npm test -- --only ${failed.name}`);
  }
  const tests = outcomes.flatMap((outcome) => (outcome.tests === undefined ? [] : [outcome.tests]));
  if (tests.length > 0) lines.push('', closingLine(sumOf(tests)));
  return ['', ...lines];
}

function closingLine({ passed, failed, skipped }: TestTotals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function verdictOf({ problem }: StepResult): string {
  return problem === undefined ? 'passed' : 'FAILED';
}
