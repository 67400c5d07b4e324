import type { CollectorName } from '../domain/collector-name.ts';
import type { Sample, Shown } from './test-fault-night.ts';

/** Families that hold what a collector read and nothing else, so that they stand still while it cannot. */
export const FAMILIES_OF: Readonly<Record<CollectorName, readonly string[]>> = {
  balance: ['fal_account_balance_usd', 'fal_account_topups_usd_total'],
  lock: ['fal_account_locked'],
  // Shared with usage, which goes on alone.
  'billing-events': [],
  usage: [],
  pricing: ['fal_model_unit_price_usd', 'fal_model_price_changes_total'],
  models: ['fal_model_status'],
  analytics: [
    ...['fal_platform_requests', 'fal_platform_duration_seconds', 'fal_platform_prepare_seconds'],
    'fal_platform_cold_boots',
  ],
  'request-history': ['fal_account_running_requests', 'fal_account_stuck_requests'],
  'status-page': ['fal_status_component', 'fal_status_incident'],
  'serverless-metrics': [],
};

export function seriesOf(sample: Sample, family: string): readonly Shown[] {
  return sample.families.get(family)?.series ?? [];
}

/** The value of the series with these labels; undefined when it is absent. */
export function valueOf(
  sample: Sample,
  family: string,
  where: Readonly<Record<string, string>> = {},
): number | undefined {
  const names = Object.entries(where);
  return seriesOf(sample, family).find(({ labels }) => names.every(([name, value]) => labels[name] === value))
    ?.value;
}

/** Nano-dollars of a shown value in dollars. */
export function nanoOf(usd: number): number {
  return Math.round(usd * 1e9);
}

export function told({ labels, value }: Shown): string {
  return `${JSON.stringify(labels)} is ${value}`;
}
