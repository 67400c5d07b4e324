import type { Model } from './account.ts';

/** Shares of failures that alerts mind: here FalErrorRateHigh begins, and here FalErrorRateCritical. */
export const FAILING_RATIO = 0.05;
export const SEVERE_RATIO = 0.25;

/** How much a share of failures matters; undefined for one that no alert minds, and where nothing is known. */
export function failingDegree(ratio: number | undefined): 'failing' | 'severe' | undefined {
  if (ratio === undefined || ratio <= FAILING_RATIO) return undefined;
  return ratio > SEVERE_RATIO ? 'severe' : 'failing';
}

/** Whether requests fail of a model of which nobody says so: probes send other inputs, or have just succeeded. */
export function isFailingUnseen({ verdict, errorRatio }: Model): boolean {
  return (verdict === 'ok' || verdict === undefined) && failingDegree(errorRatio) !== undefined;
}
