/** Writes Unix milliseconds as a time of day, or with the date when that is another day. */
export type Clock = (time: number) => string;

// The symbols min, h, d, s and % are the same in every language, so they need no translation; and a row has so many of
// them that looking each up would take longer than to paint it.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in at most two units, never longer than it is. */
export function spanWords(ms: number): string {
  const rest = ms < 2 * DAY ? Math.floor((ms % HOUR) / MINUTE) : Math.floor((ms % DAY) / HOUR);
  if (ms < 2 * HOUR || rest === 0) return roughSpanWords(ms);
  return `${roughSpanWords(ms)} ${rest} ${ms < 2 * DAY ? 'min' : 'h'}`;
}

/** A length of time in one unit, never longer than it is: for a place where the exact time stands beside it. */
export function roughSpanWords(ms: number): string {
  if (ms < MINUTE) return '< 1 min';
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}

/**
 * A share of time in percent, never rounded up: 99.99 % must not read as 100 %. Something that is above 0 is not
 * written as 0.
 */
export function shareWords(share: number): string {
  // The tiny amount makes up for what a division of floats loses; it must not make a whole of it.
  const hundredths = share >= 1 ? 10_000 : Math.min(9_999, Math.floor(share * 10_000 + 1e-6));
  if (share > 0 && hundredths === 0) return '< 0.01 %';
  return hundredths % 10_000 === 0 ? `${hundredths / 100} %` : `${(hundredths / 100).toFixed(2)} %`;
}

/** A time in seconds with as many digits as say something. */
export function secondsWords(seconds: number): string {
  const digits = seconds >= 100 ? 0 : seconds >= 10 ? 1 : 2;
  return `${Number(seconds.toFixed(digits))} s`;
}
