const DAY_MS = 86_400_000;

const WRITTEN =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d(?:\.\d{1,9})?)?(Z|z|[+-](?:0\d|1[0-4]):[0-5]\d))?$/;

/**
 * Milliseconds since the epoch of a date-time with its time zone such as `2027-01-31T18:00:00Z`. A date alone is
 * its last second, UTC, so that it is still shown as that day. Undefined for anything else, 30 February included.
 */
export function parseMoment(text: string): number | undefined {
  const [, date, minutes, seconds, zone] = WRITTEN.exec(text) ?? [];
  if (date === undefined || !isDate(date)) return undefined;
  if (minutes === undefined) return Date.parse(`${date}T00:00:00Z`) + DAY_MS - 1000;
  return Date.parse(`${date}T${minutes}${seconds ?? ':00'}${(zone ?? 'Z').toUpperCase()}`);
}

/** True for a day that the calendar has. */
function isDate(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}

/** How the date that was probably meant is written: `2027/1/31` and `31.1.2027` are `2027-01-31`. */
export function suggestMoment(written: unknown): string | undefined {
  if (typeof written !== 'string' || written.length > 40) return undefined;
  const text = written.trim();
  const zoned = `${text}Z`;
  if (/^\d{4}-\d{2}-\d{2}[Tt ]/.test(text) && parseMoment(zoned) !== undefined) return zoned;
  const [, year, month, day] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? [];
  if (year !== undefined) return date(year, month, day);
  const [, dayFirst, monthNext, yearLast] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  return date(yearLast, monthNext, dayFirst);
}

function date(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
): string | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(text) ? text : undefined;
}
