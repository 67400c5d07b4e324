import type { ProbeTier, SkipReason } from '../domain/events.ts';
import { usdFromNano, type NanoUsd } from '../domain/money.ts';
import { roughly } from '../domain/words.ts';

export { LOCK_WORDS, errorTypeWords, plural, roughly, span, withoutOwner } from '../domain/words.ts';

/** `14:03 UTC`, with the date when it was another day. A time that no calendar knows is `–`. */
export function clockTime(at: number, now: number): string {
  const day = isoDate(at);
  if (day === undefined) return '–';
  const time = `${new Date(at).toISOString().slice(11, 16)} UTC`;
  return day === isoDate(now) ? time : `${day} ${time}`;
}

function isoDate(at: number): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
}

/** `2026-11-21T14:03:00.000Z` for machines, or nothing for a time that no calendar knows. */
export function isoTime(at: number | undefined): string | undefined {
  if (at === undefined) return undefined;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** `since 14:03 UTC (12 min)`. */
export function sinceWords(since: number, now: number): string {
  return `since ${clockTime(since, now)} (${roughly(now - since)})`;
}

/** Dollars for people: cents from one dollar up, enough digits to tell below. */
export function usd(amount: NanoUsd): string {
  const dollars = usdFromNano(amount);
  const size = Math.abs(dollars);
  const sign = dollars < 0 ? '−' : '';
  if (size === 0) return '$0';
  if (size < 0.00005) return `${sign}under $0.0001`;
  const digits = size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  return `${sign}$${size.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** A unit price with all of its digits: two prices that differ must not look alike. */
export function unitPrice(amount: NanoUsd): string {
  return `$${usdFromNano(amount)
    .toFixed(9)
    .replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** `5 %`; never 0 % or 100 % for what is not quite so. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  if (value > 0 && value < 1) return '< 1 %';
  if (value < 100 && value > 99) return 'over 99 %';
  return `${Math.round(value)} %`;
}

export const SKIP_WORDS: Readonly<Record<SkipReason, string>> = {
  budget: 'the probe budget is used up',
  slots: 'it would take the last free slot',
  locked: 'the account is locked',
  fresh_traffic: 'real traffic told enough',
  standby: 'another exporter of the fleet does it',
};

export const TIER_WORDS: Readonly<Record<ProbeTier, string>> = {
  free: 'asks hosts, free',
  queue: 'submits and cancels',
  inference: 'runs the model',
};
