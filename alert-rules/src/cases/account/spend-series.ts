import { ofExporter } from '../exporter-series.ts';
import type { InputSeries } from '../rule-case.ts';
import { type Phase, counter } from '../series.ts';

/** How many US dollars an hour fal bills for so long. */
export type Billed = Phase & { readonly usdPerHour: number };

export interface Bill {
  readonly step?: number;
  readonly account?: string;
  readonly instance?: string;
  readonly endpointId?: string;
}

/** What fal bills an account for one model, as the exporter counts it. */
export function billed(
  those: readonly Billed[],
  { step = 15, account = 'prod', instance = '10.0.0.9:10464', endpointId = 'fal-ai/flux/dev' }: Bill = {},
): InputSeries {
  const labels = { account, instance, endpoint_id: endpointId };
  const phases = those.map(({ usdPerHour, ...phase }) => ({ ...phase, value: usdPerHour / 60 }));
  return { [ofExporter('fal_account_spend_usd_total', labels)]: counter(phases, { step }) };
}
