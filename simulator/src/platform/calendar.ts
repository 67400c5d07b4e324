/** Widths of the buckets that usage and analytics are grouped into. */
export const TIMEFRAMES = ['minute', 'hour', 'day', 'week', 'month'] as const;
export type Timeframe = (typeof TIMEFRAMES)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Bucket borders in one time zone. All instants are ms since the epoch; weeks begin on Monday. */
export class Calendar {
  readonly #formatter: Intl.DateTimeFormat | undefined;

  /**
   * @param timezone an IANA name such as `Europe/Berlin`.
   * @throws RangeError for a name that the runtime does not know.
   */
  constructor(timezone: string) {
    // UTC is what nearly every caller uses; a formatter, and formatting each job's time, cost more than all the rest.
    if (timezone === 'UTC') return;
    const formatter = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
    this.#formatter = formatter.resolvedOptions().timeZone === 'UTC' ? undefined : formatter;
  }

  /** The border at or before an instant. */
  floor(at: number, timeframe: Timeframe): number {
    const local = at + this.#offset(at);
    switch (timeframe) {
      case 'minute':
        return at - modulo(local, MINUTE_MS);
      case 'hour':
        return at - modulo(local, HOUR_MS);
      case 'day':
      case 'week':
      case 'month':
        return this.instantOf(localFloor(local, timeframe));
    }
  }

  /** The border at or after an instant. */
  ceil(at: number, timeframe: Timeframe): number {
    const floor = this.floor(at, timeframe);
    return floor === at ? at : this.#next(floor, timeframe);
  }

  /** The instant of a local wall-clock time, given as if it were UTC. */
  instantOf(local: number): number {
    const guess = local - this.#offset(local);
    // The first guess used the offset of another instant, which differs around a change of clocks.
    return local - this.#offset(guess);
  }

  /** ISO 8601 with the offset of the zone: `2026-10-02T09:00:00+00:00`. */
  format(at: number): string {
    const offset = this.#offset(at);
    const sign = offset < 0 ? '-' : '+';
    const minutes = Math.round(Math.abs(offset) / MINUTE_MS);
    const wall = new Date(at + offset).toISOString().slice(0, 19);
    return `${wall}${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
  }

  #next(border: number, timeframe: Timeframe): number {
    if (timeframe === 'minute') return border + MINUTE_MS;
    if (timeframe === 'hour') return border + HOUR_MS;
    const days = timeframe === 'day' ? 1 : timeframe === 'week' ? 7 : 31;
    const local = border + this.#offset(border) + days * DAY_MS;
    return this.instantOf(timeframe === 'month' ? localFloor(local, 'month') : local);
  }

  #offset(at: number): number {
    if (this.#formatter === undefined) return 0;
    const name = this.#formatter.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes, seconds] = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name) ?? [];
    const size =
      Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS + Number(seconds ?? 0) * 1000;
    return sign === '-' ? -size : size;
  }
}

function localFloor(local: number, timeframe: 'day' | 'week' | 'month'): number {
  const midnight = local - modulo(local, DAY_MS);
  const date = new Date(midnight);
  if (timeframe === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const sinceMonday = timeframe === 'week' ? (date.getUTCDay() + 6) % 7 : 0;
  return midnight - sinceMonday * DAY_MS;
}

function modulo(value: number, size: number): number {
  return ((value % size) + size) % size;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
