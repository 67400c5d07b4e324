import type { WasteReason } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { BillingBooks } from './billing-books.ts';
import type { RequestIds } from './money-ports.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A request is billed when it ends, so that one which began before the day may be billed within it. */
const LONGEST_REQUEST_MS = HOUR_MS;

export interface WasteQuestion {
  readonly books: Pick<BillingBooks, 'billedFor'>;
  /** Wall clock, ms since the epoch: it is compared with fal's time stamps. */
  readonly now: number;
  /** Requests of our own probes. */
  readonly probes: { readonly between: RequestIds };
  /** Requests that ended with an error; absent when nobody reads which ones did. */
  readonly failures: { readonly between: RequestIds } | undefined;
}

/**
 * What the last 24 hours were billed for nothing, by reason. The reasons are disjoint, so that they may be added
 * up: a probe that failed and was billed (fal bills some 422s) is a probe.
 *
 * Needs books that know requests one by one; what usage alone tells has no request ids.
 */
export function wastePerDay({
  books,
  now,
  probes,
  failures,
}: WasteQuestion): Partial<Record<WasteReason, NanoUsd>> {
  const from = now - DAY_MS;
  const billedFor = (ids: readonly string[]): NanoUsd =>
    ids.length === 0 ? 0 : Math.max(0, books.billedFor(ids, from, now));
  const ours = probes.between(from - LONGEST_REQUEST_MS, now);
  const probe = billedFor(ours);
  if (failures === undefined) return { probe };
  const isOurs = new Set(ours);
  const failed = failures.between(from - LONGEST_REQUEST_MS, now).filter((id) => !isOurs.has(id));
  return { probe, failed: billedFor(failed) };
}
