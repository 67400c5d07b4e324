import type { NanoUsd } from '../domain/money.ts';
import type { BillingEvent, UsageHour } from './billing-books.ts';
import { HOUR_MS } from './hour.ts';

/** A million dollars: no request and no hour costs as much, and thousands of them still add up exactly. */
export const LARGEST_COST: NanoUsd = 1e15;
/** Last moment that a Date can hold, https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LAST_MOMENT = 8.64e15;

/** @throws RangeError when the row cannot be booked exactly; whoever reads fal's answer leaves such a row out. */
export function assertBookableEvent({ requestId, endpointId, at, cost, estimate = 0 }: BillingEvent): void {
  if (isMoment(at) && isCost(cost) && isCost(estimate)) return;
  throw new RangeError(
    `Booking request ${requestId} of ${endpointId}: expected a time in whole ms and at most a million dollars in ` +
      `whole nano-dollars, got at ${at}, cost ${cost}, estimate ${estimate}.`,
  );
}

/** @throws RangeError when the row cannot be booked exactly; whoever reads fal's answer leaves such a row out. */
export function assertBookableUsage({ endpointId, hour, cost }: UsageHour): void {
  if (isMoment(hour) && hour % HOUR_MS === 0 && isCost(cost)) return;
  throw new RangeError(
    `Booking usage of ${endpointId}: expected the beginning of an hour in ms and at most a million dollars in ` +
      `whole nano-dollars, got hour ${hour}, cost ${cost}.`,
  );
}

function isMoment(at: number): boolean {
  return Number.isSafeInteger(at) && at >= 0 && at <= LAST_MOMENT;
}

function isCost(amount: NanoUsd): boolean {
  return Number.isSafeInteger(amount) && Math.abs(amount) <= LARGEST_COST;
}
