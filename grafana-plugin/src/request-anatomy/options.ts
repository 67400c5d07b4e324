import type { Statistic } from './anatomy/anatomy.ts';

export interface AnatomyOptions {
  /** Rows of a model; the mean shows only where sums are asked for. */
  readonly statistics: readonly Statistic[];
  readonly axis: 'linear' | 'log';
  /** One axis for all models, or one for each. */
  readonly scale: 'own' | 'shared';
  readonly sort: 'slowest' | 'requests' | 'name';
  readonly maxModels: number;
  /** Seconds between two looks of the app at the queue. */
  readonly pollInterval: number;
}

export const DEFAULT_OPTIONS: AnatomyOptions = {
  statistics: [0.5, 0.95, 0.99, 'mean'],
  axis: 'linear',
  scale: 'own',
  sort: 'slowest',
  maxModels: 50,
  // What fal's JavaScript client does unless told otherwise (https://github.com/fal-ai/fal-js, queue.ts).
  pollInterval: 0.5,
};

/** More rows than these help nobody, and make the page slow. */
export const MOST_MODELS = 100;

/**
 * Options as they should be, from what a dashboard has stored: by an older version, by hand, or not at all. Quantiles
 * come in ascending order, the mean last.
 */
export function optionsFrom(stored: Partial<AnatomyOptions>): AnatomyOptions {
  const options = { ...DEFAULT_OPTIONS, ...stored };
  const quantiles = options.statistics.filter((each) => typeof each === 'number' && each > 0 && each < 1);
  const ordered = [...new Set(quantiles)].sort((a, b) => Number(a) - Number(b));
  const mean: Statistic[] = options.statistics.includes('mean') ? ['mean'] : [];
  const statistics = [...ordered, ...mean];
  return {
    ...options,
    statistics: statistics.length > 0 ? statistics : DEFAULT_OPTIONS.statistics,
    maxModels: limited(options.maxModels, 1, MOST_MODELS, DEFAULT_OPTIONS.maxModels),
    pollInterval: limited(options.pollInterval, 0, Infinity, DEFAULT_OPTIONS.pollInterval),
  };
}

function limited(value: unknown, least: number, most: number, otherwise: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return otherwise;
  return Math.min(most, Math.max(least, value));
}
