import type { AlertDefinition, AlertExpression, Severity } from '../alert.ts';
import { PromQl } from '../promql.ts';

/** Longest `for` per severity: what rings must not wait for hours, and what waits for days is a report. */
const MAX_FOR_SECONDS: Readonly<Record<Severity, number>> = {
  critical: 1800,
  warning: 21_600,
  info: 86_400,
  none: 0,
};

/** Two scrapes: a target that is absent for one is a restart. */
const MIN_FOR_ABSENT_SECONDS = 30;

export const MAX_KEEP_FIRING_SECONDS = 86_400;

export interface ForLimits {
  readonly min: number;
  readonly max: number;
  /** Each expression of the alert has a `for` of its own, so the alert's has no effect. */
  readonly hasOwn: boolean;
}

/** How long an alert may wait before it fires. */
export function forLimits(definition: AlertDefinition, severity: Severity): ForLimits {
  const rules = rulesWithAnyNumbers(definition);
  return {
    min: rules.some(({ expr }) => expr.includes('absent(')) ? MIN_FOR_ABSENT_SECONDS : 0,
    max: MAX_FOR_SECONDS[severity],
    hasOwn: rules.every(({ forSeconds }) => forSeconds !== undefined),
  };
}

/** `none` is for the dead-man switch alone: anything else under it would look like its heartbeat. */
export function severityChoices({ severity }: Pick<AlertDefinition, 'severity'>): readonly Severity[] {
  return severity === 'none' ? ['none'] : ['critical', 'warning', 'info'];
}

function rulesWithAnyNumbers({ parameters, rules }: AlertDefinition): readonly AlertExpression[] {
  const jobs = { exporter: 'a', drill: 'b', app: 'c', alertmanager: 'd', prometheus: 'e' };
  const values = Object.entries(parameters).map(
    ([name, { min, default: value = min }]) => [name, value] as const,
  );
  return rules(new PromQl({ jobs, timeScale: 1 }), Object.fromEntries(values));
}
