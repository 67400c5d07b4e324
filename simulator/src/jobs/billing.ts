import { traitsOf } from '../errors/error-table.ts';
import type { LiveJob } from './live-job.ts';

/** What a finished job is charged. */
export interface Bill {
  readonly units: number;
  /** `undefined`: fal lists no price for the endpoint, so nobody can say. */
  readonly chargedNano: number | undefined;
}

/**
 * Units and money of a finished job: successful output is billed, HTTP 500 and above never, a 422 only when a
 * runner had spent its time. Charge = units × unit price × (1 - discount), rounded to whole nano-dollars.
 *
 * Source: https://docs.fal.ai/documentation/model-apis/pricing and https://fal.ai/docs/model-apis/faq.
 */
export function billOf(job: LiveJob, errorType: string | undefined, isBilledAnyway = false): Bill {
  const isBilled = errorType === undefined || isBilledAnyway || traitsOf(errorType).billed === 'units';
  if (!isBilled) return { units: 0, chargedNano: 0 };
  const units = job.order.endpoint.unitsPerRequest;
  return { units, chargedNano: priceOf(units, job.record.unitPriceNano, job.order.account.percentDiscount) };
}

/** Units at a price after discount, in whole nano-dollars; `undefined` without a price. */
export function priceOf(
  units: number,
  unitPriceNano: number | undefined,
  percentDiscount: number,
): number | undefined {
  return unitPriceNano === undefined
    ? undefined
    : Math.round((units * unitPriceNano * (100 - percentDiscount)) / 100);
}
