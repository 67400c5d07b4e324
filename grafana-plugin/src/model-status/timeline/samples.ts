import type { DataFrame } from '@grafana/data';
import type { Series } from '../../reading/series.ts';
import { worseOf } from './verdict-rank.ts';

/** What was said of one model at one moment. */
export interface Sample {
  /** Unix milliseconds. */
  readonly time: number;
  readonly verdict: string;
}

/**
 * The verdicts of one model over time, ascending: of its series, one per verdict, those whose value is above 0. Where
 * two are (two exporters that disagree), the worse one counts.
 */
export function samplesOf(series: readonly Series[]): Sample[] {
  const samples = series.flatMap(samplesIn);
  if (series.length > 1) samples.sort((one, other) => one.time - other.time);
  const merged: Sample[] = [];
  for (const sample of samples) {
    const last = merged.at(-1);
    if (last?.time === sample.time) {
      merged[merged.length - 1] = { time: last.time, verdict: worseOf(last.verdict, sample.verdict) };
    } else {
      merged.push(sample);
    }
  }
  return merged;
}

function samplesIn({ labels: { verdict }, times, values }: Series): Sample[] {
  const samples: Sample[] = [];
  if (verdict === undefined) return samples;
  times.forEach((time, index) => {
    const value = values[index];
    if (value !== undefined && value > 0) samples.push({ time, verdict });
  });
  return samples;
}

/**
 * Milliseconds between two samples of the query `refId`: what the data source says, otherwise the smallest distance
 * found in its series, otherwise `fallback`.
 */
export function stepOf(frames: readonly DataFrame[], refId: string, fallback: number): number {
  const times = frames
    .filter((frame) => frame.refId === refId)
    .flatMap(({ fields }) => fields.filter(({ type }) => String(type) === 'time'));
  const told = times.flatMap(({ config }) => config.interval ?? []).filter((step) => step > 0);
  if (told.length > 0) return Math.max(...told);
  const found = times.map(({ values }) => smallestDistance(values)).filter(Number.isFinite);
  return found.length > 0 ? Math.min(...found) : fallback;
}

function smallestDistance(times: readonly unknown[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < times.length; index += 1) {
    const distance = Number(times[index]) - Number(times[index - 1]);
    if (distance > 0 && distance < smallest) smallest = distance;
  }
  return smallest;
}
