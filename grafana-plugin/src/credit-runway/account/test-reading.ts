import type { DataFrame } from '@grafana/data';
import type { AccountReading } from './account-reading.ts';
import { EMPTY_LINE, lineOf, type BalanceLine } from './balance-line.ts';

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
/** 21 November 2026, 12:00 UTC, a Saturday. */
export const NOON = Date.UTC(2026, 10, 21, 12);

/** A line of values that end at `end`, one each step; undefined is a gap. */
export function line(values: readonly (number | undefined)[], end = NOON, step = MINUTE): BalanceLine {
  const times = values.map((_, index) => end - (values.length - 1 - index) * step);
  return lineOf([{ labels: {}, times, values }], step);
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

/** A frame as the Prometheus data source gives it; `null` is a gap. */
export function frame(
  refId: string,
  labels: Readonly<Record<string, string>>,
  values: readonly (number | null)[],
  { end = NOON, step = MINUTE }: { readonly end?: number; readonly step?: number } = {},
): DataFrame {
  const times = values.map((_, index) => end - (values.length - 1 - index) * step);
  const fields = [
    { name: 'Time', type: 'time', config: { interval: step }, values: times },
    { name: 'Value', type: 'number', config: {}, labels, values },
  ];
  // A real frame has methods besides, which nothing that is tested on plain Node uses.
  return { refId, length: values.length, fields } as unknown as DataFrame;
}
