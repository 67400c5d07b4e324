import { DURATION_BOUNDS } from '../../instrumentation/src/metrics/duration-bounds.ts';
import type { Past } from './past.ts';
import type { JobFact, RequestFact } from './ledger-facts.ts';

/** A time, Unix seconds: after `from`, up to `to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The last so many seconds of a past. */
export function last(past: Past, seconds: number): Window {
  return { from: past.end - seconds, to: past.end };
}

/** Requests of the app that ended in the window; without an endpoint those to all of them. */
export function requestsIn({ facts }: Past, window: Window, endpointId?: string): RequestFact[] {
  return facts.requests.filter(
    (request) => isIn(window, request.endedAt) && (endpointId ?? request.endpointId) === request.endpointId,
  );
}

/** Failures ÷ finished without the cancelled. */
export function failureRatio(requests: readonly RequestFact[]): number {
  const finished = requests.filter(({ outcome }) => outcome !== 'cancelled');
  return finished.filter(isFailure).length / finished.length;
}

/** Neither the app's fault nor the account's. */
export function isFailure({ fault }: RequestFact): boolean {
  return fault !== undefined && fault !== 'app' && fault !== 'account';
}

/** How long those waited who got a result, or waited for nothing. A realtime session is as long as its user likes. */
export function latencies(requests: readonly RequestFact[]): number[] {
  const isWaited = ({ outcome, operation }: RequestFact): boolean =>
    operation !== 'realtime' && (outcome === 'ok' || outcome === 'timeout');
  return requests.filter(isWaited).flatMap(({ durationSeconds }) => durationSeconds ?? []);
}

/** By endpoint, those that ended in the window. */
export function endpointsIn(past: Past, window: Window): Map<string, RequestFact[]> {
  return Map.groupBy(requestsIn(past, window), ({ endpointId }) => endpointId);
}

/** The nearest-rank quantile. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The bounds of the histogram bucket that a value falls into: all that a histogram can tell of it. */
export function bucketOf(seconds: number): { readonly from: number; readonly to: number } {
  const at = DURATION_BOUNDS.findIndex((bound) => seconds <= bound);
  if (at === -1) return { from: DURATION_BOUNDS.at(-1) ?? 0, to: Infinity };
  return { from: DURATION_BOUNDS[at - 1] ?? 0, to: DURATION_BOUNDS[at] ?? Infinity };
}

/** What fal charged for jobs that ended in the window, dollars. */
export function chargedIn(
  past: Past,
  window: Window,
  isMeant: (job: JobFact) => boolean = () => true,
): number {
  return past.facts.jobs
    .filter((job) => isIn(window, job.endedAt) && isMeant(job))
    .reduce((sum, { chargedUsd }) => sum + chargedUsd, 0);
}

/** Every balance that the account had in the window, oldest first. */
export function balancesIn(past: Past, window: Window): number[] {
  const { firstBalanceUsd, topUps } = past.facts.account;
  const moves = [
    ...topUps.map(({ at, usd }) => ({ at, usd })),
    ...past.facts.jobs.flatMap(({ endedAt, chargedUsd }) =>
      endedAt === undefined ? [] : [{ at: endedAt, usd: -chargedUsd }],
    ),
  ].sort((a, b) => a.at - b.at);
  let balance = firstBalanceUsd;
  const balances: number[] = [];
  for (const { at, usd } of moves) {
    if (at > window.from && balances.length === 0) balances.push(balance);
    if (at > window.to) break;
    balance += usd;
    if (at > window.from) balances.push(balance);
  }
  return balances.length === 0 ? [balance] : balances;
}

function isIn({ from, to }: Window, at: number | undefined): boolean {
  return at !== undefined && at > from && at <= to;
}
