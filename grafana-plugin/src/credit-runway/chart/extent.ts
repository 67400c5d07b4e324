import type { Sample } from '../account/balance-line.ts';
import { crossingOf, HOUR_MS, type Forecast } from '../forecast/forecast.ts';
import type { Level } from '../forecast/levels.ts';
import type { Outlook } from '../forecast/outlook.ts';
import type { Span } from './ticks.ts';

/** How far a panel looks ahead. */
export type Horizon = 'auto' | '24h' | '7d' | '30d';

const HORIZON_MS: Readonly<Record<Exclude<Horizon, 'auto'>, number>> = {
  '24h': 24 * HOUR_MS,
  '7d': 168 * HOUR_MS,
  '30d': 720 * HOUR_MS,
};

/** Room beyond the last crossing, as a share of the way there. */
const MARGIN = 1.08;
/** By itself a chart gives the future at most that many times the room of the past: the past keeps a quarter. */
const MOST_FUTURE = 3;
/** A threshold this many times above the highest balance would press the line to the floor; words tell of it. */
const FAR_ABOVE = 5;

/**
 * Until when the forecast is drawn; undefined without one. By itself the chart shows when the money is used up, or at
 * least the first crossing of a level, if that leaves the past enough room; else as much future as past.
 */
export function forecastEnd(
  { forecast, empty }: Outlook,
  {
    range,
    levels,
    horizon,
  }: { readonly range: Span; readonly levels: readonly Level[]; readonly horizon: Horizon },
): number | undefined {
  if (forecast === undefined) return undefined;
  const { time } = forecast.start;
  if (horizon !== 'auto') return time + HORIZON_MS[horizon];
  const length = Math.max(range.to - range.from, HOUR_MS);
  const most = length * MOST_FUTURE;
  const wayTo = (crossing: number | undefined): number =>
    crossing === undefined ? Infinity : (crossing - time) * MARGIN;
  if (wayTo(empty?.latest) <= most) return time + wayTo(empty?.latest);
  const crosses = levels.some(({ value }) => wayTo(crossingOf(forecast, value)?.earliest) <= most);
  return time + (crosses ? most : length);
}

/** Lowest and highest value of the chart: 0, all samples, and the levels that are near enough. */
export function valueExtent(samples: readonly Sample[], levels: readonly Level[]): Span {
  let [from, highest] = [0, 0];
  for (const { value } of samples) {
    from = Math.min(from, value);
    highest = Math.max(highest, value);
  }
  const near = levels
    .map(({ value }) => value)
    .filter((value) => highest === 0 || value <= highest * FAR_ABOVE);
  const top = Math.max(highest, ...near);
  return { from: from < 0 ? from * MARGIN : 0, to: top > 0 ? top * MARGIN : 1 };
}

/** A corner of a polygon in time and value. */
export type Corner = readonly [time: number, value: number];

/** The edges of the band of a forecast until `end`, each from the start on; they end at 0, where the account is empty. */
export function bandEdges(
  { start, slow, fast }: Forecast,
  end: number,
): { readonly upper: Corner[]; readonly lower: Corner[] } {
  const first: Corner = [start.time, start.value];
  return { upper: [first, downTo(start, slow, end)], lower: [first, downTo(start, fast, end)] };
}

/** The band itself, as a polygon: along 0 where one edge is empty already. */
export function bandCorners(forecast: Forecast, end: number): Corner[] {
  const { upper, lower } = bandEdges(forecast, end);
  const [, [upperEnd] = [end, 0]] = upper;
  const [, [lowerEnd] = [end, 0]] = lower;
  const along: Corner[] = upperEnd > lowerEnd && lowerEnd < end ? [[upperEnd, 0]] : [];
  return [...upper, ...along, ...lower.slice(1)];
}

/** Where a balance is at `end`, or when it reaches 0. */
function downTo({ time, value }: Sample, perHour: number, end: number): Corner {
  const emptyAt = time + (value / perHour) * HOUR_MS;
  return emptyAt >= end ? [end, value - (perHour * (end - time)) / HOUR_MS] : [emptyAt, 0];
}
