import type { LockReason } from 'opentelemetry-instrumentation-fal/core';

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

/** `1 model`, `3 models`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** The model's own name: the owner is the same for nearly all and hides the part that differs. */
export function withoutOwner(endpointId: string): string {
  const slash = endpointId.indexOf('/');
  return slash < 0 ? endpointId : endpointId.slice(slash + 1);
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

/** An error type as words: `runner_disconnected` is readable once its underscores are gone. */
export function errorTypeWords(type: string): string {
  if (/^\d{3}$/.test(type)) return `HTTP ${type}`;
  return type === '_OTHER' ? 'an error of a new kind' : type.replace(/^platform\./, '').replaceAll('_', ' ');
}
