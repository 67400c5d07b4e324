import { expect } from 'vitest';
import type { PastName } from '../history/pasts.ts';
import type { Series } from '../prometheus-api.ts';
import type { Scene } from './ask-panel.ts';
import { bucketOf, quantile } from '../history/truth.ts';

/** A number on a dashboard that must be the truth. */
export interface ValueCheck {
  readonly past: PastName;
  /** Completes "it shows …". */
  readonly what: string;
  readonly check: (scene: Scene) => Promise<void>;
}

/** The default of the variable `window`, seconds. */
export const WINDOW = 300;

/** The last value of the only series. */
export function only(series: readonly Series[]): number {
  expect(series).toHaveLength(1);
  return lastOf(series[0]);
}

/** The last value of the series with this label. */
export function of(series: readonly Series[], label: string, value: string): number {
  const found = series.filter(({ labels }) => labels[label] === value);
  expect(found, `${label}="${value}"`).toHaveLength(1);
  return lastOf(found[0]);
}

function lastOf(series: Series | undefined): number {
  return series?.points.at(-1)?.value ?? Number.NaN;
}

/** Last values by label. */
export function valuesBy(series: readonly Series[], label: string): Record<string, number> {
  return Object.fromEntries(series.map((each) => [each.labels[label] ?? '', lastOf(each)]));
}

/** An estimate from a histogram cannot be better than its buckets. */
export function expectQuantile(measured: number, values: readonly number[], share: number): void {
  const { from, to } = bucketOf(quantile(values, share));
  expect(measured).toBeGreaterThanOrEqual(from);
  expect(measured).toBeLessThanOrEqual(to);
}

/** At least about `from`, at most about `to`. */
export function expectBetween(value: number, [from, to]: readonly [number, number], of = ''): void {
  expect(value, of).toBeGreaterThanOrEqual(from - 1e-6);
  expect(value, of).toBeLessThanOrEqual(to + 1e-6);
}

/** The same check in several pasts. */
export function inEach(
  pasts: readonly PastName[],
  what: string,
  check: (scene: Scene) => Promise<void>,
): ValueCheck[] {
  return pasts.map((past) => ({ past, what, check }));
}
