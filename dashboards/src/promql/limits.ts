import { defaultSettings } from 'fal-alert-rules';
import type { Step } from '../grafana/index.ts';

/**
 * The shipped thresholds of the alerts, which are also where colours change: a panel that turns red below the value
 * that pages would be wrong one way or the other.
 */
const settings = defaultSettings();

/** A parameter of an alert, as shipped. Throws for a name that the catalogue does not have. */
export function limitOf(alert: string, parameter = 'threshold'): number {
  const value = settings.alerts.get(alert)?.values[parameter];
  if (value === undefined) throw new Error(`the alert ${alert} has no parameter ${parameter} with a default`);
  return value;
}

/** Green, orange from the warning on, red from the critical one on. */
export const ERROR_RATIO_STEPS: readonly Step[] = [
  { color: 'green' },
  { from: limitOf('FalErrorRateHigh'), color: 'orange' },
  { from: limitOf('FalErrorRateCritical'), color: 'red' },
];

/** P95 in seconds; the exporter's own limit of a model, where it has one, is drawn as a line beside it. */
export const LATENCY_STEPS: readonly Step[] = [
  { color: 'green' },
  { from: limitOf('FalLatencyP95High'), color: 'orange' },
];
