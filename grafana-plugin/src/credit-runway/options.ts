import type { Horizon } from './chart/extent.ts';
import type { ThresholdChoice } from './forecast/levels.ts';

/** What a reader of the panel may choose. */
export interface RunwayOptions {
  readonly horizon: Horizon;
  readonly thresholds: ThresholdChoice;
  /** Where thresholds come from: the query `threshold`, or the thresholds in the panel's field options. */
  readonly thresholdSource: 'query' | 'panel';
  readonly showTopUps: boolean;
  readonly showGrants: boolean;
}

export const DEFAULT_OPTIONS: RunwayOptions = {
  horizon: 'auto',
  thresholds: 'both',
  thresholdSource: 'query',
  showTopUps: true,
  showGrants: true,
};
