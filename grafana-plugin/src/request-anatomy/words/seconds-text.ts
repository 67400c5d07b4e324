/** How numbers of the panel are written. */
export interface Writing {
  readonly one: (value: number) => string;
  /** From a low to a higher end, which may be Infinity; rounded outwards, so that it still holds the truth. */
  readonly range: (low: number, high: number) => string;
}

const MINUTE = 60;
const HOUR = 3600;

/** Up to here seconds are read with ease; minutes with decimals never are. */
const MOST_SECONDS = 120;

/** A low end that is far below the high one, in whose unit it is written, needs no more. */
const LEAST_STEP = 0.01;

/** Seconds as people say them: 350 ms, 3.4 s, 94 s, 8 min 20 s, 2 h 5 min. */
export const SECONDS: Writing = { one: secondsText, range: secondsRange };

function secondsText(seconds: number): string {
  if (seconds === 0) return '0 s';
  if (seconds < 0.995) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  if (seconds < MOST_SECONDS - 0.5) return `${rounded(seconds, Math.round)} s`;
  if (seconds < HOUR - 0.5) return pair(Math.round(seconds), { unit: MINUTE, big: 'min', small: 's' });
  return pair(Math.round(seconds / MINUTE), { unit: MINUTE, big: 'h', small: 'min' });
}

function secondsRange(low: number, high: number): string {
  if (high === Infinity) return `≥ ${secondsText(low)}`;
  const [unit, name] = unitOf(high);
  const step = unit < 1 ? 10 : 1;
  const [from, to] = [rounded(low / unit, Math.floor, step), rounded(high / unit, Math.ceil, step)];
  return from === to ? `${from} ${name}` : `${from}–${to} ${name}`;
}

function unitOf(seconds: number): readonly [number, string] {
  if (seconds < 1) return [0.001, 'ms'];
  if (seconds <= MOST_SECONDS) return [1, 's'];
  return seconds < HOUR ? [MINUTE, 'min'] : [HOUR, 'h'];
}

interface Pair {
  readonly unit: number;
  readonly big: string;
  readonly small: string;
}

function pair(count: number, { unit, big, small }: Pair): string {
  const rest = count % unit;
  const whole = `${Math.floor(count / unit)} ${big}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

/** Two digits, or all that stand before the point (milliseconds are never worth three). A hair beside a round number is the rounding of binary fractions. */
function rounded(value: number, round: (value: number) => number, mostStep = 1): string {
  if (value === 0) return '0';
  const step = Math.min(mostStep, Math.max(LEAST_STEP, 10 ** (Math.floor(Math.log10(value)) - 1)));
  const steps = Number((value / step).toPrecision(9));
  return String(Number((round(steps) * step).toPrecision(12)));
}
