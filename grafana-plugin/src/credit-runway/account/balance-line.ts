import type { Series } from '../../reading/series.ts';

/** A known value at a moment in Unix milliseconds. */
export interface Sample {
  readonly time: number;
  readonly value: number;
}

/** A line over time with its gaps. */
export interface BalanceLine {
  /** Known samples, ascending in time. */
  readonly samples: readonly Sample[];
  /** The same samples in runs without a gap: a line may be drawn within a run, never from one to the next. */
  readonly runs: readonly (readonly Sample[])[];
  /** Time between two samples where nothing is missing; undefined when there is one sample or none. */
  readonly stepMs: number | undefined;
}

/** A sample may come that much later than expected before its absence is a gap. */
const GAP_STEPS = 1.5;

/**
 * One line of all series that tell of the same account: an exporter that was replaced leaves two series, two
 * exporters give two at a time. Where they disagree the lower one counts, as in the alert rules.
 *
 * @param stepMs the step of the query; without it the middle of the distances stands in.
 */
export function lineOf(series: readonly Series[], stepMs?: number): BalanceLine {
  const points = pointsOf(series);
  const samples = points.flatMap(({ time, value }) => (value === undefined ? [] : [{ time, value }]));
  const step = stepMs ?? middleDistance(points.map(({ time }) => time));
  return { samples, runs: runsOf(points, step), stepMs: step };
}

interface Point {
  readonly time: number;
  readonly value: number | undefined;
}

function pointsOf(series: readonly Series[]): Point[] {
  const [only] = series;
  if (series.length === 1 && only !== undefined && isAscending(only.times)) {
    return only.times.map((time, index) => ({ time, value: only.values[index] }));
  }
  const lowest = new Map<number, number | undefined>();
  for (const { times, values } of series) {
    times.forEach((time, index) => lowest.set(time, lower(lowest.get(time), values[index])));
  }
  return [...lowest].map(([time, value]) => ({ time, value })).sort((a, b) => a.time - b.time);
}

function isAscending(times: readonly number[]): boolean {
  return times.every((time, index) => index === 0 || time > (times[index - 1] ?? time));
}

function lower(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Math.min(one, other);
}

function runsOf(points: readonly Point[], stepMs: number | undefined): Sample[][] {
  const runs: Sample[][] = [];
  let run: Sample[] = [];
  for (const { time, value } of points) {
    const last = run.at(-1);
    const isLate = last !== undefined && stepMs !== undefined && time - last.time > GAP_STEPS * stepMs;
    if ((value === undefined || isLate) && run.length > 0) {
      runs.push(run);
      run = [];
    }
    if (value !== undefined) run.push({ time, value });
  }
  return run.length > 0 ? [...runs, run] : runs;
}

function middleDistance(times: readonly number[]): number | undefined {
  const distances = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return distances.sort((a, b) => a - b)[Math.floor((distances.length - 1) / 2)];
}
