/** Units of a written duration, longest first, in milliseconds. */
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const WRITTEN = /^(?=\d)(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;

/**
 * Milliseconds of a duration such as `250ms`, `30s`, `5m`, `1h30m` or `2d`: whole numbers with their units,
 * each unit at most once, the longest first. Undefined for anything else; a bare number is no duration.
 */
export function parseDuration(text: string): number | undefined {
  const parts = WRITTEN.exec(text)?.slice(1);
  if (parts === undefined) return undefined;
  const ms = UNITS.reduce((sum, [, size], index) => sum + Number(parts[index] ?? 0) * size, 0);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** Writes whole milliseconds the way `parseDuration` reads them: 5400000 is `1h30m`. */
export function formatDuration(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}

const LOOSE_UNITS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(UNITS),
  ...{ sec: 1000, secs: 1000, second: 1000, seconds: 1000 },
  ...{ min: 60_000, mins: 60_000, minute: 60_000, minutes: 60_000 },
  ...{ hr: 3_600_000, hrs: 3_600_000, hour: 3_600_000, hours: 3_600_000 },
  ...{ day: 86_400_000, days: 86_400_000, w: 604_800_000, week: 604_800_000, weeks: 604_800_000 },
};

/** How the duration that was probably meant is written: `30` is `30s`, `1.5 hours` is `1h30m`. */
export function suggestDuration(value: unknown): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const match = /^\s*(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]*)\s*$/i.exec(String(value));
  if (match === null) return undefined;
  const unit = match[2]?.toLowerCase() ?? '';
  const size = unit === '' ? 1000 : Object.hasOwn(LOOSE_UNITS, unit) ? LOOSE_UNITS[unit] : undefined;
  return size === undefined ? undefined : formatDuration(Math.round(Number(match[1]) * size));
}
