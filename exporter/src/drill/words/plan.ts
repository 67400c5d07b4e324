import { span } from '../../domain/words.ts';
import type { PlannedAlert } from '../plan.ts';
import { columns } from './columns.ts';
import { destination } from './destination.ts';

/** What should arrive where, and how long after the fault at the latest. */
export function tellExpected(alerts: readonly PlannedAlert[], mayAlsoFire: readonly string[]): string {
  const head = ['expected', 'severity', 'where', 'fires within', 'there within'];
  const rows = alerts.map((alert) => [
    alert.alert,
    alert.severity,
    destination(alert.severity, alert.heldBackBy),
    span(alert.firesWithinSeconds),
    alert.heldBackBy.length > 0 ? '–' : span(alert.arrivesWithinSeconds),
  ]);
  const may = mayAlsoFire.length === 0 ? '' : `  may come as well: ${mayAlsoFire.join(', ')}\n`;
  return columns([head, ...rows], '  ') + may;
}

/** What a drill would do, step by step, for who wants to know beforehand. */
export function tellSteps(steps: readonly string[]): string {
  return steps.map((step, index) => `  ${index + 1}. ${step}\n`).join('');
}
