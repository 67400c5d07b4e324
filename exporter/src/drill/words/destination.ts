import type { Severity } from 'fal-alert-rules';

/** Where the shipped Alertmanager configuration sends a severity. */
const DESTINATIONS: Readonly<Record<Severity, string>> = {
  critical: 'PagerDuty, high urgency',
  warning: 'PagerDuty, low urgency',
  info: 'chat, no page',
  none: 'nobody',
};

/** Where an alert arrives, or what keeps it from arriving. */
export function destination(severity: Severity, heldBackBy: readonly string[]): string {
  return heldBackBy.length > 0 ? `held back by ${heldBackBy.join(' or ')}` : DESTINATIONS[severity];
}
