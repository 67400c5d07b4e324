import type { AccountReading, Severity } from '../account/account-reading.ts';
import { levelsOf, type ThresholdChoice } from './levels.ts';
import { outlookOf } from './outlook.ts';
import { standingOf, worstFirst, type Judged } from './standing.ts';

export interface Bar {
  /** Which thresholds to show and to hold the balance against. */
  readonly choice: ThresholdChoice;
  /** Thresholds of the panel in the place of those that the query tells; undefined to take the query's. */
  readonly own: Readonly<Partial<Record<Severity, number>>> | undefined;
  /** As `endOfKnown` gives it, Unix milliseconds. */
  readonly end: number;
}

/** Every account with its outlook, the worst first. */
export function judge(readings: readonly AccountReading[], { choice, own, end }: Bar): Judged[] {
  const judged = readings.map((reading): Judged => {
    const outlook = outlookOf(reading, end);
    const levels = levelsOf(own ?? reading.thresholds, choice);
    return { reading, outlook, levels, standing: standingOf(reading, outlook, { levels, end }) };
  });
  return worstFirst(judged, end);
}
