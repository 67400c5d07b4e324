import type { AccountReading, Burn } from '../account/account-reading.ts';
import type { Sample } from '../account/balance-line.ts';
import { crossingOf, HOUR_MS, type Crossing, type Forecast } from './forecast.ts';

const MINUTE_MS = 60_000;
/** A balance is old when that many steps are missing, and this long. */
const STALE_STEPS = 3;
const STALE_MS = 15 * MINUTE_MS;
/** Prometheus repeats a last value for five minutes, so that a range that ends later than now has such samples. */
const LOOKBACK_MS = 5 * MINUTE_MS;

/** Why nothing is foretold. */
export type NoForecast =
  | 'no_balance'
  | 'from_the_future'
  | 'used_up'
  | 'locked'
  | 'stale'
  | 'burn_unknown'
  | 'burn_negative'
  | 'nothing_spent';

/** What is to be expected of an account's money. */
export interface Outlook {
  /** The newest balance that is not later than now. */
  readonly last: Sample | undefined;
  readonly isStale: boolean;
  readonly forecast: Forecast | undefined;
  /** When the account is empty; undefined without a forecast. */
  readonly empty: Crossing | undefined;
  /** Undefined with a forecast. */
  readonly why: NoForecast | undefined;
}

/** The end of what can be known: that of the range, or now when the range goes on into the future. */
export function endOfKnown(rangeEnd: number, now: number): number {
  return Math.min(rangeEnd, now);
}

/** @param end as `endOfKnown` gives it, Unix milliseconds. */
export function outlookOf(reading: AccountReading, end: number): Outlook {
  const { samples, stepMs = 0 } = reading.balance;
  const last = samples.findLast(({ time }) => time <= end);
  const isStale = last !== undefined && end - last.time > Math.max(STALE_STEPS * stepMs, STALE_MS);
  const why = reasonAgainst(reading, { last, isStale, end });
  if (why !== undefined || last === undefined) {
    return { last, isStale, forecast: undefined, empty: undefined, why: why ?? 'no_balance' };
  }
  const rates = ratesOf(reading.burns);
  const forecast = { start: last, slow: Math.min(...rates), fast: Math.max(...rates) };
  return { last, isStale, forecast, empty: crossingOf(forecast, 0), why: undefined };
}

/** Whether samples are so late that two clocks differ: later than Prometheus could repeat a value. */
export function hasFutureSamples({ balance: { samples, stepMs = 0 } }: AccountReading, end: number): boolean {
  return samples.some(({ time }) => time > end + LOOKBACK_MS + stepMs);
}

/** Hours until the account is empty if it spends fast; 0 when it is; infinite when that is not to be foretold. */
export function hoursLeft({ last, empty }: Outlook, end: number): number {
  if (last !== undefined && last.value <= 0) return 0;
  return empty?.earliest === undefined ? Infinity : Math.max(0, empty.earliest - end) / HOUR_MS;
}

/** The rates of the windows; one below zero is an error of its query and bounds nothing. */
function ratesOf(burns: readonly Burn[]): number[] {
  return burns.map(({ perHour }) => perHour).filter((rate) => rate >= 0);
}

interface Known {
  readonly last: Sample | undefined;
  readonly isStale: boolean;
  readonly end: number;
}

function reasonAgainst(reading: AccountReading, { last, isStale, end }: Known): NoForecast | undefined {
  if (last === undefined) return hasFutureSamples(reading, end) ? 'from_the_future' : 'no_balance';
  if (last.value <= 0) return 'used_up';
  if (reading.lock.state === 'locked') return 'locked';
  if (isStale) return 'stale';
  return reasonInBurn(reading.burns);
}

function reasonInBurn(burns: readonly Burn[]): NoForecast | undefined {
  if (burns.length === 0) return 'burn_unknown';
  const rates = ratesOf(burns);
  if (rates.length === 0) return 'burn_negative';
  return rates.every((rate) => rate === 0) ? 'nothing_spent' : undefined;
}
