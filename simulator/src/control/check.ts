import { badInput } from './refusal.ts';

/** What a value must be. */
export interface Check<T> {
  /** Words for an error message. */
  readonly expected: string;
  readonly accepts: (value: unknown) => value is T;
}

const LONGEST_TEXT = 200;

export const isText: Check<string> = {
  expected: `a text of 1 to ${LONGEST_TEXT} characters`,
  accepts: (value): value is string =>
    typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT,
};

export const isFlag: Check<boolean> = {
  expected: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
};

export function isNumber(from: number, to = Number.MAX_SAFE_INTEGER): Check<number> {
  return {
    expected: `a number ${rangeText(from, to)}`,
    accepts: (value): value is number => typeof value === 'number' && value >= from && value <= to,
  };
}

export function isInteger(from: number, to = Number.MAX_SAFE_INTEGER): Check<number> {
  return {
    expected: `a whole number ${rangeText(from, to)}`,
    accepts: (value): value is number =>
      Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to,
  };
}

export function isOneOf<T extends string>(values: readonly T[]): Check<T> {
  return {
    expected: `one of ${values.join(', ')}`,
    accepts: (value): value is T => values.some((known) => known === value),
  };
}

export function orNull<T>(check: Check<T>): Check<T | null> {
  return {
    expected: `${check.expected}, or null`,
    accepts: (value): value is T | null => value === null || check.accepts(value),
  };
}

/** A value that passes the check. @throws ControlRefusal that names the field. */
export function checked<T>(field: string, value: unknown, check: Check<T>): T {
  if (!check.accepts(value)) throw badInput(field, check.expected, value);
  return value;
}

/** Refuses names that nobody knows, so that a typing error does not pass for success. */
export function onlyKnown(names: Iterable<string>, known: readonly string[]): void {
  for (const name of names) {
    if (!known.includes(name)) throw badInput(name, `one of the known fields ${known.join(', ')}`);
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rangeText(from: number, to: number): string {
  if (from === -Number.MAX_SAFE_INTEGER) return '';
  return to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`;
}
