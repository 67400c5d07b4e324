import { kindOf, rankOf } from '../timeline/verdict-rank.ts';
import type { Row } from './row.ts';

/** All rows in a few numbers: how many are in trouble, and whose it is. */
export interface Summary {
  readonly total: number;
  readonly ok: number;
  readonly failing: number;
  readonly unclear: number;
  readonly noData: number;
  /** Rows whose requests fail although no verdict says so; they are among ok and noData as well. */
  readonly failingUnseen: number;
  /** Those among them that a verdict told of a moment ago. */
  readonly onAndOff: number;
  /** Verdicts of the failing rows, the worst first. */
  readonly byVerdict: readonly { readonly verdict: string; readonly count: number }[];
  /** Unix milliseconds: when the oldest of the failures that go on began. */
  readonly since: number | undefined;
  readonly isSinceSeen: boolean;
}

export function summaryOf(rows: readonly Row[]): Summary {
  const counts = { ok: 0, trouble: 0, unclear: 0, noData: 0 };
  const verdicts = new Map<string, number>();
  const starts: Row['state'][] = [];
  for (const { state } of rows) {
    const { verdict } = state;
    const kind = verdict === undefined ? 'noData' : kindOf(verdict);
    counts[kind] += 1;
    if (kind !== 'trouble' || verdict === undefined) continue;
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    starts.push(state);
  }
  const times = starts.flatMap(({ since }) => since ?? []);
  const since = times.length === 0 ? undefined : times.reduce((one, other) => Math.min(one, other));
  return {
    total: rows.length,
    ok: counts.ok,
    failing: counts.trouble,
    unclear: counts.unclear,
    noData: counts.noData,
    failingUnseen: rows.filter(({ isFailingUnseen }) => isFailingUnseen).length,
    onAndOff: rows.filter(({ onAndOff }) => onAndOff !== undefined).length,
    byVerdict: [...verdicts]
      .map(([verdict, count]) => ({ verdict, count }))
      .sort((one, other) => rankOf(other.verdict) - rankOf(one.verdict)),
    since,
    isSinceSeen: starts.every((state) => state.since !== since || state.isSinceSeen),
  };
}
