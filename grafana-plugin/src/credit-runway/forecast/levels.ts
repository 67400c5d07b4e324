import type { Severity } from '../account/account-reading.ts';

/** A balance that matters on the way down. */
export interface Level {
  readonly kind: Severity | 'empty';
  readonly value: number;
}

/** Which thresholds a panel shows; the empty account is shown always. */
export type ThresholdChoice = 'both' | 'warning' | 'critical' | 'none';

/** The levels to show, highest first. Thresholds of 0 or less say no more than the empty account does. */
export function levelsOf(
  thresholds: Readonly<Partial<Record<Severity, number>>>,
  choice: ThresholdChoice = 'both',
): Level[] {
  const severities: readonly Severity[] = ['warning', 'critical'];
  const chosen = severities.filter((severity) => choice === 'both' || choice === severity);
  const levels = chosen.flatMap((kind): Level[] => {
    const value = thresholds[kind];
    return value !== undefined && value > 0 ? [{ kind, value }] : [];
  });
  return [...levels.sort((a, b) => b.value - a.value), { kind: 'empty', value: 0 }];
}

/**
 * Thresholds of a panel's field options as thresholds of a balance, of which less is worse: the lowest one is the
 * critical one, the next one the warning.
 */
export function panelThresholds(
  steps: readonly { readonly value: number | null }[],
): Partial<Record<Severity, number>> {
  const values = steps.flatMap(({ value }) => (value !== null && Number.isFinite(value) ? [value] : []));
  const [critical, warning] = values.sort((a, b) => a - b);
  return { ...(critical !== undefined && { critical }), ...(warning !== undefined && { warning }) };
}
