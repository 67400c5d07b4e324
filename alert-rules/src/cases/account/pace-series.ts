import { type Level, levels, ofExporter } from '../exporter-series.ts';
import type { InputSeries } from '../rule-case.ts';

export interface Whose {
  readonly account?: string;
  readonly instance?: string;
}

/** US dollars an hour over a window, as an exporter shows it. */
export function burning(
  window: '1h' | '24h',
  those: readonly Level[],
  { account = 'prod', instance = '10.0.0.9:10464' }: Whose = {},
): InputSeries {
  return {
    [ofExporter('fal_account_burn_rate_usd_per_hour', { account, instance, window })]: levels(...those),
  };
}

/** What the account may spend, as an exporter has it configured. */
export function allowed(
  window: 'hour' | 'month',
  those: readonly Level[],
  { account = 'prod', instance = '10.0.0.9:10464' }: Whose = {},
): InputSeries {
  return { [ofExporter('fal_account_budget_usd', { account, instance, window })]: levels(...those) };
}

/** What the account spent since the first of the month. */
export function spentThisMonth(
  those: readonly Level[],
  { account = 'prod', instance = '10.0.0.9:10464' }: Whose = {},
): InputSeries {
  return { [ofExporter('fal_account_month_spend_usd', { account, instance })]: levels(...those) };
}
