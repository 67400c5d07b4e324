import type { Engine } from '../engine.ts';
import type { BilledJob } from './records.ts';

/** Money of one or more billed jobs in whole nano-dollars, so that sums lose nothing. */
export interface Charge {
  readonly subtotalNano: number;
  readonly totalNano: number;
}

/** What a job cost before and after its discount; nothing, where fal lists no price. */
export function chargeOf(job: BilledJob): Charge {
  const totalNano = job.chargedNano ?? 0;
  const listNano = job.unitPriceNano === undefined ? 0 : Math.round(job.billableUnits * job.unitPriceNano);
  return { subtotalNano: Math.max(listNano, totalNano), totalNano };
}

/** The cost fields that usage rows and billing events share, in USD. */
export function costFields({ subtotalNano, totalNano }: Charge): {
  cost_subtotal: number;
  cost_discount: number;
  cost_total: number;
} {
  return {
    cost_subtotal: usd(subtotalNano),
    cost_discount: usd(subtotalNano - totalNano),
    cost_total: usd(totalNano),
  };
}

/** `null` where no percentage was taken off. */
export function discountOf(job: BilledJob): number | null {
  return job.percentDiscount === undefined || job.percentDiscount === 0 ? null : job.percentDiscount;
}

export function usd(nano: number): number {
  return nano / 1e9;
}

export const AUTH_EXPANSIONS = ['auth_method', 'auth_method_structured'] as const;

/** Who made a call, in the two forms that `expand` offers; only those that were asked for. */
export function authFields(
  engine: Engine,
  keyId: string,
  expand: ReadonlySet<string>,
): { auth_method?: string; auth_method_structured?: { detail: string; api_key_id: string } } {
  const detail = [...engine.world.keys.values()].find((key) => key.id === keyId)?.alias ?? keyId;
  return {
    ...(expand.has('auth_method') ? { auth_method: detail } : {}),
    ...(expand.has('auth_method_structured')
      ? { auth_method_structured: { detail, api_key_id: keyId } }
      : {}),
  };
}

/** The filters that usage and billing events share. Every simulated call is made with a key, never by a login. */
export function chargeFilter(filters: {
  readonly endpointIds: readonly string[];
  readonly keyIds: readonly string[];
  readonly logins: readonly string[];
}): (job: BilledJob) => boolean {
  return (job) =>
    filters.logins.length === 0 &&
    (filters.endpointIds.length === 0 || filters.endpointIds.includes(job.endpointId)) &&
    (filters.keyIds.length === 0 || filters.keyIds.includes(job.keyId));
}
