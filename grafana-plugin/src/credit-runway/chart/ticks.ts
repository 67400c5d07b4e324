const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Distances that people count in, ascending. */
const TIME_STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((days) => days * DAY_MS),
];

/** A span of numbers, `from` below `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface TimeTicks {
  readonly times: readonly number[];
  readonly stepMs: number;
}

/**
 * Round times within a span, as the clocks on the wall show them: midnight is a tick on days of 23 and 25 hours, too.
 *
 * @param most how many there is room for, 1 or more.
 * @param offsetMs what the wall clock is ahead of UTC at a time; it differs between summer and winter.
 */
export function timeTicks({ from, to }: Span, most: number, offsetMs: (time: number) => number): TimeTicks {
  const stepMs = TIME_STEPS_MS.find((step) => (to - from) / step <= most) ?? (to - from) / Math.max(1, most);
  const times: number[] = [];
  const first = Math.ceil((from + offsetMs(from)) / stepMs) - 1;
  const last = Math.floor((to + offsetMs(to)) / stepMs) + 1;
  for (let index = first; index <= last; index += 1) {
    const time = fromWallClock(index * stepMs, offsetMs);
    if (time >= from && time <= to && time !== times.at(-1)) times.push(time);
  }
  return { times, stepMs };
}

/** The first guess is off by the change of the clock when that lies between; the second is right. */
function fromWallClock(wall: number, offsetMs: (time: number) => number): number {
  const guess = wall - offsetMs(wall);
  return wall - offsetMs(guess);
}

/** Round numbers within a span, ascending: multiples of 1, 2 or 5 times a power of ten. `most` is 1 or more. */
export function valueTicks({ from, to }: Span, most: number): number[] {
  // Without its last digits, in which 0.1 + 0.2 is more than 0.3.
  const rough = Number(((to - from) / Math.max(1, most)).toPrecision(12));
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step); index * step <= to; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** How the ticks are written: days by their names while there are few, else by their dates. */
export function tickPattern(
  stepMs: number,
  { from, to }: Span,
): { readonly midnight: string; readonly other: string } {
  const days = (to - from) / DAY_MS;
  if (days > 300) return { midnight: 'MMM YYYY', other: 'MMM YYYY' };
  const day = days > 12 ? 'D MMM' : 'ddd D';
  return { midnight: day, other: stepMs < DAY_MS ? 'HH:mm' : day };
}
