import type { Sample } from '../account/balance-line.ts';
import { bandAt, crossingOf, type Forecast } from '../forecast/forecast.ts';
import type { Level } from '../forecast/levels.ts';

/** A place on the chart where a reader can stop: a sample, or a moment of the forecast. */
export type Stop =
  | { readonly kind: 'sample'; readonly time: number; readonly value: number }
  | { readonly kind: 'forecast'; readonly time: number; readonly high: number; readonly low: number };

/** Moments of the forecast between its beginning and its end, besides the crossings. */
const FORECAST_STOPS = 48;

/** All stops, ascending in time. */
export function stopsOf(
  samples: readonly Sample[],
  ahead: { readonly forecast: Forecast; readonly end: number; readonly levels: readonly Level[] } | undefined,
): Stop[] {
  const known = samples.map(({ time, value }): Stop => ({ kind: 'sample', time, value }));
  if (ahead === undefined) return known;
  const { forecast, end, levels } = ahead;
  const start = forecast.start.time;
  const even = Array.from(
    { length: FORECAST_STOPS },
    (_, at) => start + ((end - start) * (at + 1)) / FORECAST_STOPS,
  );
  const crossings = levels.flatMap(({ value }) => {
    const crossing = crossingOf(forecast, value);
    return [crossing?.earliest, crossing?.latest].filter((time) => time !== undefined);
  });
  const times = [...new Set([...even, ...crossings])].filter((time) => time > start && time <= end);
  return [...known, ...times.sort((a, b) => a - b).map((time) => forecastStop(forecast, time))];
}

function forecastStop(forecast: Forecast, time: number): Stop {
  const { high, low } = bandAt(forecast, time);
  return { kind: 'forecast', time, high: Math.max(0, high), low: Math.max(0, low) };
}

/** Index of the stop that is nearest to a time; -1 when there is none. */
export function nearestStop(stops: readonly Stop[], time: number): number {
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stops[middle]?.time ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [stops[low - 1], stops[low]];
  if (before === undefined) return stops.length === 0 ? -1 : 0;
  if (after === undefined) return low - 1;
  return time - before.time <= after.time - time ? low - 1 : low;
}

/** Where a key leads from a stop; undefined for a key that leads nowhere. */
export function stopAfterKey(key: string, index: number, count: number): number | undefined {
  const page = Math.max(1, Math.round(count / 10));
  const targets = new Map([
    ['ArrowLeft', index - 1],
    ['ArrowDown', index - 1],
    ['ArrowRight', index + 1],
    ['ArrowUp', index + 1],
    ['PageDown', index - page],
    ['PageUp', index + page],
    ['Home', 0],
    ['End', count - 1],
  ]);
  const next = targets.get(key);
  return next === undefined || count === 0 ? undefined : Math.min(Math.max(0, next), count - 1);
}
