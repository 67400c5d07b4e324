import { t } from '../../language/translate.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How one account's numbers and moments are written: in its unit, in the time zone of the panel. */
export interface Speech {
  readonly money: (value: number) => string;
  /** A round amount on an axis whose lines are `step` apart. */
  readonly tick: (value: number, step: number) => string;
  /** A moment in Unix milliseconds by a pattern of dates, as `dateTimeFormat` of Grafana takes it. */
  readonly date: (time: number, pattern: string) => string;
  /** The moment from which a reader looks, Unix milliseconds. */
  readonly end: number;
}

/** A moment near `end` by weekday and time, a far one by its date. */
export function momentWords(time: number, { date, end }: Speech): string {
  return date(time, patternFor(time, end));
}

/**
 * The beginning and the end of a span to come, written alike, and rounded outwards: a forecast to the minute would
 * promise more than it can keep. Both are the same when they lie closer together than that.
 */
export function momentsWords([from, to]: readonly [number, number], { date, end }: Speech): [string, string] {
  const step = roundingFor(from - end);
  const pattern = patternFor(to, end);
  if (to - from < step) {
    const middle = date(Math.round((from + to) / 2 / step) * step, pattern);
    return [middle, middle];
  }
  return [date(Math.floor(from / step) * step, pattern), date(Math.ceil(to / step) * step, pattern)];
}

function roundingFor(away: number): number {
  if (away > DAY_MS) return HOUR_MS;
  return away > 3 * HOUR_MS ? 10 * MINUTE_MS : MINUTE_MS;
}

/** A moment with everything that tells it from others. */
export function fullMoment(time: number, { date }: Speech): string {
  return date(time, 'ddd D MMM YYYY HH:mm');
}

function patternFor(time: number, end: number): string {
  const away = Math.abs(time - end);
  if (away < 6 * DAY_MS) return 'ddd HH:mm';
  return away < 300 * DAY_MS ? 'ddd D MMM' : 'D MMM YYYY';
}

/** A length of time, as roughly as the one who plans by it wants it. */
export function spanWords(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / MINUTE_MS);
  if (minutes < 1) return t('runway.span.under-minute', 'under a minute');
  if (minutes < 60) return t('runway.span.minutes', '{{minutes}} min', { minutes });
  const hours = Math.round(Math.abs(ms) / HOUR_MS);
  if (minutes < 600) return hoursAndMinutes(minutes);
  if (hours < 48) return t('runway.span.hours', '{{hours}} h', { hours });
  if (hours < 168) return daysAndHours(hours);
  return t('runway.span.days', '{{days}} d', { days: Math.round(hours / 24) });
}

function hoursAndMinutes(all: number): string {
  const hours = Math.floor(all / 60);
  const minutes = all % 60;
  if (minutes === 0) return t('runway.span.hours', '{{hours}} h', { hours });
  return t('runway.span.hours-minutes', '{{hours}} h {{minutes}} min', { hours, minutes });
}

function daysAndHours(all: number): string {
  const days = Math.floor(all / 24);
  const hours = all % 24;
  if (hours === 0) return t('runway.span.days', '{{days}} d', { days });
  return t('runway.span.days-hours', '{{days}} d {{hours}} h', { days, hours });
}

/** The window of a burn rate, `24 h` for `24h`; as it is when it is no duration. */
export function windowWords(window: string): string {
  return window.replace(/^(\d+)([smhdw])$/, '$1 $2');
}
