import { CONFIDENT, type Verdict, type VerdictKind } from '../../exporter/src/verdict/verdict.ts';
import type { Labelled } from './labelled.ts';
import { ALL, FAULT_SECONDS, type Record, type Sample, whomOf } from './measure.ts';
import { LONGEST_INTERVAL_SECONDS, PROBE_TIMEOUT_SECONDS } from './stage.ts';

export { ALL };

/** Two intervals of the slowest probe: until then nobody can know. */
export const SETTLING_SECONDS = 2 * LONGEST_INTERVAL_SECONDS;

/** After the fault, a run that it caught must come to its end first. */
const SETTLING_AFTER_SECONDS = SETTLING_SECONDS + PROBE_TIMEOUT_SECONDS;

/** How one verdict, on one model or on everything, did in one scenario. */
export interface CaseResult {
  readonly labelled: Labelled;
  readonly whom: string;
  readonly expected: VerdictKind;
  /** At the end of the fault. */
  readonly reached: Verdict;
  readonly isRight: boolean;
  /** Seconds from the fault to the first right verdict; absent when there was none. */
  readonly firstRight?: number | undefined;
  /** The same for a right verdict that is confident. */
  readonly firstSure?: number | undefined;
  readonly before: Verdict;
  readonly after: Verdict;
  /** Confident and wrong although there was time to settle. */
  readonly sureAndWrong: readonly Sample[];
  /** At any time at all: sure of fal where the account is the cause, or the other way round. */
  readonly wrongParty: readonly Sample[];
  /** Not `ok` at any time of a quiet scenario. */
  readonly alarms: readonly Sample[];
}

export function resultsOf(record: Record): CaseResult[] {
  return whomOf(record).map((whom) => resultOf(record, whom));
}

function resultOf({ labelled, samples: all }: Record, whom: string): CaseResult {
  const samples = all.filter((sample) => sample.whom === whom);
  const during = samples.filter(({ seconds }) => seconds > 0 && seconds <= FAULT_SECONDS);
  const last = required(during.at(-1));
  const isRight = (sample: Sample): boolean => sample.verdict.verdict === sample.expected;
  const isSure = (sample: Sample): boolean => sample.verdict.confidence >= CONFIDENT;
  return {
    ...{ labelled, whom, expected: last.expected, reached: last.verdict, isRight: isRight(last) },
    firstRight: during.find(isRight)?.seconds,
    firstSure: during.find((sample) => isRight(sample) && isSure(sample))?.seconds,
    before: required(samples.findLast(({ seconds }) => seconds <= 0)).verdict,
    after: required(samples.at(-1)).verdict,
    sureAndWrong: samples.filter((sample) => isSettled(sample) && isSure(sample) && !isRight(sample)),
    wrongParty: during.filter((sample) => isSure(sample) && isWrongParty(sample)),
    alarms: labelled.isQuiet === true ? during.filter((sample) => sample.verdict.verdict !== 'ok') : [],
  };
}

function isSettled({ seconds }: Sample): boolean {
  if (seconds > FAULT_SECONDS) return seconds > FAULT_SECONDS + SETTLING_AFTER_SECONDS;
  return seconds > SETTLING_SECONDS || (seconds <= 0 && seconds > -LONGEST_INTERVAL_SECONDS / 2);
}

const FAL: readonly VerdictKind[] = ['model', 'platform'];

function isWrongParty({ expected, verdict: { verdict } }: Sample): boolean {
  const isFalBlamed = expected === 'account' && FAL.includes(verdict);
  return isFalBlamed || (FAL.includes(expected) && verdict === 'account');
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the scenario was played without a single sample');
  return value;
}

/** `overall at 45 s: platform 0.85 instead of account (evidence)`. */
export function inWords(samples: readonly Sample[]): string[] {
  return samples.map(
    ({ whom, seconds, expected, verdict: { verdict, confidence, evidence } }) =>
      `${whom} at ${seconds} s: ${verdict} ${confidence.toFixed(2)} instead of ${expected} (${evidence.join(' ')})`,
  );
}
