import type { ThresholdsConfig } from '@grafana/data';

/** The error ratios from which the alert rules warn and page, in the colours of the dashboards. */
export const ERROR_RATIO_STEPS: readonly Step[] = [
  { value: Number.NEGATIVE_INFINITY, color: 'green' },
  { value: 0.05, color: 'orange' },
  { value: 0.25, color: 'red' },
];

/** P95 limit in seconds of a model that no exporter lists, as in the alert rules. */
export const DEFAULT_LIMIT_SECONDS = 60;

interface Step {
  readonly value: number;
  readonly color: string;
}

/** Which step a value has reached, from 0, and its colour. Steps in percent are of a ratio, so 100 is a ratio of 1. */
export function levelOf(
  value: number,
  { thresholds, ratio }: { thresholds: ThresholdsConfig | undefined; ratio: number },
): { level: number; color: string } {
  const configured = thresholds?.steps ?? [];
  const steps = configured.length > 0 ? configured : ERROR_RATIO_STEPS;
  const compared = String(thresholds?.mode) === 'percentage' ? ratio * 100 : value;
  let level = 0;
  steps.forEach((step, index) => {
    // JSON knows no infinity: the first step arrives as null and holds for everything.
    if (index > 0 && compared >= step.value) level = index;
  });
  return { level, color: steps[level]?.color ?? 'green' };
}
