import type { Parameter, Unit } from '../parameter.ts';
import { promDuration } from '../prom-duration.ts';
import type { Finding } from './problem.ts';

/** A number as it stands in the file, or what is wrong with it. */
export type Reading = { readonly value: number } | { readonly problem: Finding };

const PERCENT = /^(\d+(?:\.\d+)?)\s*%$/;
const DOLLARS = /^\$\s*(\d+(?:\.\d+)?)$/;
const DOLLARS_PER_HOUR = /^\$\s*(\d+(?:\.\d+)?)(?:\s*\/\s*h)?$/;
const DURATION = /^(?=\d)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s)?$/;
const DURATION_UNITS = [86_400, 3600, 60, 1];

/** Reads a scalar of the file in the unit of a parameter and checks its range. */
export function readQuantity(written: unknown, parameter: Parameter): Reading {
  const expected = expectedQuantity(parameter);
  const value = valueIn(parameter.unit, written);
  if (value === undefined) {
    const hint = otherwise(parameter.unit, written);
    return { problem: { found: shown(written), expected, ...(hint === undefined ? {} : { hint }) } };
  }
  const isListed = parameter.oneOf?.includes(value) ?? true;
  if (value >= parameter.min && value <= parameter.max && isListed) return { value };
  // 5 for 5%: the mistake that would silence an alert for good if it were taken.
  const isPercent = parameter.unit === 'ratio' && typeof written === 'number' && value >= 1 && value < 100;
  return {
    problem: { found: shown(written), expected, ...(isPercent ? { hint: `did you mean ${value}%?` } : {}) },
  };
}

/** Whole seconds of `90s`, `5m` or `1h30m`; undefined for anything else, also for a number without unit. */
export function secondsOf(written: unknown): number | undefined {
  const parts = typeof written === 'string' ? DURATION.exec(written.trim())?.slice(1) : undefined;
  return parts?.reduce((sum, part, index) => sum + Number(part ?? 0) * (DURATION_UNITS[index] ?? 0), 0);
}

/** A value as people write it, and as `readQuantity` reads it back: `5%`, `20`, `90s`, `$25`. */
export function writtenQuantity(unit: Unit, value: number): string {
  switch (unit) {
    case 'ratio':
      return `${Number((value * 100).toPrecision(12))}%`;
    case 'seconds':
      return promDuration(value);
    case 'usd':
      return `$${value}`;
    case 'usd_per_hour':
      return `$${value}/h`;
    case 'count':
    case 'factor':
      return `${value}`;
  }
}

/** What may be written, with its range. */
export function expectedQuantity({ unit, min, max, oneOf }: Parameter): string {
  if (oneOf !== undefined) return `one of ${oneOf.map((each) => writtenQuantity(unit, each)).join(', ')}`;
  const range = `from ${writtenQuantity(unit, min)} to ${writtenQuantity(unit, max)}`;
  switch (unit) {
    case 'ratio':
      return `a share ${range}, such as 3% or 0.03`;
    case 'seconds':
      return `a duration with its unit ${range}, such as 90s or 5m`;
    case 'usd':
      return `US dollars ${range}, such as 25 or $25`;
    case 'usd_per_hour':
      return `US dollars per hour ${range}, such as 5 or $5/h`;
    case 'count':
      return `a whole number ${range}`;
    case 'factor':
      return `a factor ${range}, such as 1.5`;
  }
}

/** What stands there, short enough for a line. */
export function shown(written: unknown): string {
  if (written === null || written === undefined) return 'got nothing';
  const isPlain = typeof written === 'number' || typeof written === 'boolean' || typeof written === 'bigint';
  const text = isPlain ? String(written) : JSON.stringify(written);
  return `got ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

function valueIn(unit: Unit, written: unknown): number | undefined {
  switch (unit) {
    case 'ratio':
      return finite(written) ?? shifted(match(PERCENT, written));
    case 'seconds':
      return secondsOf(written);
    case 'usd':
      return finite(written) ?? decimal(match(DOLLARS, written));
    case 'usd_per_hour':
      return finite(written) ?? decimal(match(DOLLARS_PER_HOUR, written));
    case 'count':
      return Number.isInteger(written) ? (written as number) : undefined;
    case 'factor':
      return finite(written);
  }
}

function finite(written: unknown): number | undefined {
  return typeof written === 'number' && Number.isFinite(written) ? written : undefined;
}

function match(pattern: RegExp, written: unknown): string | undefined {
  return typeof written === 'string' ? pattern.exec(written.trim())?.[1] : undefined;
}

function decimal(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : finite(Number(digits));
}

/** By its digits and not by division, so that 7% is 0.07 and not the number beside it. */
function shifted(percent: string | undefined): number | undefined {
  return percent === undefined ? undefined : finite(Number(`${percent}e-2`));
}

/** What was probably meant by a value in another unit. */
function otherwise(unit: Unit, written: unknown): string | undefined {
  if (typeof written === 'string' && /^\d+(\.\d+)?$/.test(written)) {
    return unit === 'seconds' ? `did you mean ${written}s?` : 'write it without quotes';
  }
  if (unit === 'seconds' && finite(written) !== undefined) return `did you mean ${String(written)}s?`;
  const number =
    typeof written === 'string'
      ? /^\$?\s*(\d+(?:\.\d+)?)\s*(?:%|x|usd|\/h)?$/i.exec(written)?.[1]
      : undefined;
  return number === undefined || unit === 'seconds'
    ? undefined
    : `did you mean ${number}${unit === 'ratio' ? '%' : ''}?`;
}
