/** A number that is known to lie between two others. 0 ≤ low ≤ value ≤ high; `high` may be Infinity. */
export interface Estimate {
  /** The best guess. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export const NOTHING: Estimate = { value: 0, low: 0, high: 0 };

export function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}

/** With the value moved between the ends, should it lie outside. */
export function between(low: number, high: number, value: number): Estimate {
  const floor = Math.max(0, low);
  const ceiling = Math.max(floor, high);
  return { low: floor, high: ceiling, value: Math.min(ceiling, Math.max(floor, value)) };
}

/**
 * What a state seen by polling says of the true wait: a poll sees a change late and never early, so the truth lies
 * up to one interval below what was seen.
 */
export function seenByPolling(seen: Estimate, pollSeconds: number): Estimate {
  return between(seen.low - pollSeconds, seen.high, seen.value);
}

/** What is left of a whole when its parts are taken away; nothing is left below 0. */
export function remainderOf(whole: Estimate, parts: readonly Estimate[]): Estimate {
  const sum = (end: keyof Estimate): number => parts.reduce((total, part) => total + part[end], 0);
  return between(whole.low - sum('high'), whole.high - sum('low'), whole.value - sum('value'));
}
