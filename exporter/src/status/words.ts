import type { LockReason } from 'opentelemetry-instrumentation-fal';
import type { ProbeTier, SkipReason } from '../domain/events.ts';
import { usdFromNano, type NanoUsd } from '../domain/money.ts';

/** A span for people: `85 ms`, `2.4 s`, `48 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function span(seconds: number): string {
  if (seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  if (seconds < 3599.5) return twoUnits(Math.round(seconds), 60, 'min', 's');
  if (seconds < 86_370) return twoUnits(Math.round(seconds / 60), 60, 'h', 'min');
  return twoUnits(Math.round(seconds / 3600), 24, 'd', 'h');
}

function twoUnits(value: number, size: number, large: string, small: string): string {
  const rest = value % size;
  return rest === 0 ? `${value / size} ${large}` : `${Math.floor(value / size)} ${large} ${rest} ${small}`;
}

/** How long ago, roughly: one unit is enough to judge by. Milliseconds in. */
export function roughly(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  if (seconds < 3570) return `${Math.round(seconds / 60)} min`;
  return span(Math.round(seconds / 60) * 60);
}

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
  return usdOf(usdFromNano(amount));
}

/** The same for an amount that is no longer booked money, such as a rate. */
export function usdOf(dollars: number): string {
  const size = Math.abs(dollars);
  const sign = dollars < 0 ? '−' : '';
  if (size === 0) return '$0';
  if (size < 0.00005) return `${sign}under $0.0001`;
  const digits = size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  return `${sign}$${size.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** `1 model`, `3 models`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** The model's own name: the owner is the same for nearly all and hides the part that differs. */
export function withoutOwner(endpointId: string): string {
  const slash = endpointId.indexOf('/');
  return slash < 0 ? endpointId : endpointId.slice(slash + 1);
}

/** `5 %`; never 0 % or 100 % for what is not quite so. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  if (value > 0 && value < 1) return '< 1 %';
  if (value < 100 && value > 99) return 'over 99 %';
  return `${Math.round(value)} %`;
}

export const LOCK_WORDS: Readonly<Record<LockReason, string>> = {
  exhausted_balance: 'exhausted balance',
  top_up: 'a top-up is due',
  admin_lock: 'locked by fal’s staff',
  payment_method: 'a payment method is missing',
  user_budget: 'user budget exceeded',
  archived: 'the account is archived',
  unknown: 'fal names no reason that we know',
};

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

/** An error type as words: `runner_disconnected` is readable once its underscores are gone. */
export function errorTypeWords(type: string): string {
  if (/^\d{3}$/.test(type)) return `HTTP ${type}`;
  return type === '_OTHER' ? 'an error of a new kind' : type.replace(/^platform\./, '').replaceAll('_', ' ');
}
