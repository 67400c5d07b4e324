import type { DataFrame } from '@grafana/data';
import { frame as frameOf } from '../../reading/frame.builder.ts';
import type { AccountReading } from './account-reading.ts';
import { lineOf, type BalanceLine } from './balance-line.ts';

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
/** 21 November 2026, 12:00 UTC, a Saturday. */
export const NOON = Date.UTC(2026, 10, 21, 12);

/** The line of an account that nothing told a balance of. */
export const EMPTY_LINE: BalanceLine = { samples: [], runs: [], stepMs: undefined };

/** A line of values that end at `end`, one each step; undefined is a gap. */
export function line(values: readonly (number | undefined)[], end = NOON, step = MINUTE): BalanceLine {
  return lineOf([{ labels: {}, times: timesOf(values, end, step), values }], step);
}

/** What is known of an account: nothing, but for what is given. */
export function reading(known: Partial<AccountReading> = {}): AccountReading {
  return {
    name: 'default',
    balance: EMPTY_LINE,
    burns: [],
    topUps: undefined,
    thresholds: {},
    lock: { state: 'open', reasons: [], isContradiction: undefined },
    grants: [],
    spend: undefined,
    ...known,
  };
}

/** A frame of values that end at noon, one each step; `null` is a gap. */
export function frame(
  refId: string,
  labels: Readonly<Record<string, string>>,
  values: readonly (number | null)[],
  { step = MINUTE }: { readonly step?: number } = {},
): DataFrame {
  return frameOf({ refId, labels, times: timesOf(values, NOON, step), values, interval: step });
}

function timesOf(values: readonly unknown[], end: number, step: number): number[] {
  return values.map((_, index) => end - (values.length - 1 - index) * step);
}
