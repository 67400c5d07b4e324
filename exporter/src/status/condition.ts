import { JUDGED_RUNS, prevails } from '../verdict/prevails.ts';
import type { ConditionView, RunVerdict } from './view.ts';

export interface JudgedRun {
  readonly at: number;
  readonly verdict: RunVerdict;
}

/** The newest runs that count, newest last. */
export function judgedRuns<T extends JudgedRun>(runs: readonly T[]): T[] {
  return runs.filter((run) => run.verdict !== 'cancelled').slice(-JUDGED_RUNS);
}

/** Failing by the rule that every verdict follows; one bad run alone is `shaky`. */
export function isFailing(judged: readonly JudgedRun[]): boolean {
  return prevails(judged, (run) => run.verdict === 'failure');
}

/**
 * Follows one subject (a probe or an endpoint) and remembers since when it is as it is, longer than the runs
 * themselves are kept.
 *
 * ```text
 * ok  F   ok  ok  F   F   F   ok  ok  ok  ok  ok
 *     └ shaky since here
 *                 └ failing since here: the unbroken row of failures that made it so
 *                             └ well since here, once no failure is among the last five
 * ```
 */
export class ConditionTracker {
  #judged: JudgedRun[] = [];
  #condition: ConditionView | undefined;
  /** First good run after the newest failure. */
  #wellAgainAt: number | undefined;

  observe(run: JudgedRun): void {
    if (run.verdict === 'cancelled') return;
    this.#judged = [...this.#judged, { at: run.at, verdict: run.verdict }].slice(-JUDGED_RUNS);
    if (run.verdict === 'failure') this.#wellAgainAt = undefined;
    else if (run.verdict === 'ok') this.#wellAgainAt ??= run.at;
    this.#condition = this.#next();
  }

  get condition(): ConditionView | undefined {
    return this.#condition;
  }

  #next(): ConditionView | undefined {
    const before = this.#condition;
    const firstFailure = this.#judged.find((run) => run.verdict === 'failure');
    if (firstFailure === undefined) {
      if (this.#wellAgainAt === undefined) return before?.state === 'well' ? before : undefined;
      return before?.state === 'well' ? before : { state: 'well', since: this.#wellAgainAt };
    }
    if (isFailing(this.#judged)) {
      return before?.state === 'failing' ? before : { state: 'failing', since: this.#failingSince() };
    }
    const isStillInTrouble = before !== undefined && before.state !== 'well';
    return { state: 'shaky', since: isStillInTrouble ? before.since : firstFailure.at };
  }

  #failingSince(): number {
    const lastGood = this.#judged.findLastIndex((run) => run.verdict !== 'failure');
    const row = this.#judged.slice(lastGood + 1);
    const isRow = row.length >= 2;
    const first = isRow ? row[0] : this.#judged.find((run) => run.verdict === 'failure');
    return first?.at ?? this.#judged[0]?.at ?? 0;
  }
}
