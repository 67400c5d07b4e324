import { Calendar, TIMEFRAMES, type Timeframe } from './calendar.ts';
import { invalid } from './envelope.ts';
import { oneOf } from './query.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** What to look at: from `start` until before `end`, ms since the epoch. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/** A time range in buckets. */
export interface BucketedRange extends TimeRange {
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
}

/** `start` and `end` of a query; the last `defaultSpanMs` when they are absent. `end` is exclusive. */
export function timeRangeOf(
  query: URLSearchParams,
  now: number,
  {
    calendar = new Calendar('UTC'),
    defaultSpanMs = DAY_MS,
  }: { calendar?: Calendar; defaultSpanMs?: number } = {},
): TimeRange {
  const end = instantOf(query, 'end', calendar) ?? now;
  const start = instantOf(query, 'start', calendar) ?? end - defaultSpanMs;
  if (start >= end) throw invalid('start', 'a time before end');
  return { start, end };
}

/**
 * The range of usage and analytics: `timezone` shifts the borders of the buckets, `timeframe` is chosen by the span
 * of the range when it is absent, and unless `bound_to_timeframe` is `false` both ends are widened to borders.
 *
 * Source: https://api.fal.ai/v1/openapi.json
 */
export function bucketedRangeOf(query: URLSearchParams, now: number): BucketedRange {
  const calendar = calendarOf(query);
  const asked = timeRangeOf(query, now, { calendar });
  const timeframe = oneOf(query, 'timeframe', TIMEFRAMES) ?? automaticTimeframe(asked.end - asked.start);
  const isBound = (oneOf(query, 'bound_to_timeframe', ['true', 'false']) ?? 'true') === 'true';
  if (!isBound) return { ...asked, timeframe, calendar };
  const start = calendar.floor(asked.start, timeframe);
  const end = calendar.ceil(asked.end, timeframe);
  return { start, end, timeframe, calendar };
}

/** The timeframe for a span: minute below 2 hours, hour below 2 days, day below 64, week below 183, else month. */
export function automaticTimeframe(spanMs: number): Timeframe {
  if (spanMs < 2 * HOUR_MS) return 'minute';
  if (spanMs < 2 * DAY_MS) return 'hour';
  if (spanMs < 64 * DAY_MS) return 'day';
  return spanMs < 183 * DAY_MS ? 'week' : 'month';
}

/** Whether an instant lies in the range. */
export function contains(range: TimeRange, at: number): boolean {
  return range.start <= at && at < range.end;
}

function calendarOf(query: URLSearchParams): Calendar {
  try {
    return new Calendar(query.get('timezone') ?? 'UTC');
  } catch {
    throw invalid('timezone', 'an IANA time zone such as Europe/Berlin');
  }
}

function instantOf(query: URLSearchParams, name: 'start' | 'end', calendar: Calendar): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const date = DATE_TIME.exec(text)?.[1];
  const day = parseDay(date ?? text);
  const at = date === undefined ? day : Date.parse(text);
  if (day === undefined || at === undefined || Number.isNaN(at)) {
    throw invalid(name, 'an ISO 8601 date-time with an offset, or YYYY-MM-DD');
  }
  return date === undefined ? calendar.instantOf(at) : at;
}

/** Midnight UTC of `YYYY-MM-DD`; 30 February, which `Date.parse` takes for 2 March, is `undefined`. */
function parseDay(text: string): number | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? at : undefined;
}
