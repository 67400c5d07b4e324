import type { TestTotals } from './vitest-report.ts';

/** One thing that `npm test` does. */
export interface Step {
  /** What `--only` takes. */
  readonly name: string;
  /** For `--list`: what the step makes sure of. */
  readonly about: string;
  /** Names of steps above it in the list that must have passed before it starts. */
  readonly needs?: readonly string[];
  /**
   * Runs beside the others, from the beginning of the run or from when its needs have passed. Its output is shown in
   * one piece, between two other steps. Without it, a step runs after the one above it.
   */
  readonly background?: boolean;
  run(surroundings: StepSurroundings): Promise<StepResult>;
}

export interface StepSurroundings {
  readonly say: (line: string) => void;
  /** Takes what the commands of a step in the background write; absent when they may write to the screen. */
  readonly keep?: (text: string) => void;
  /** Aborted when another step has failed: what still runs is to end. */
  readonly signal: AbortSignal;
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
  /** Ended early because another step had failed; then there is no problem of its own. */
  readonly isStopped?: boolean;
}
