import type { EndpointConfig } from '../config/config.ts';
import type { RunningRequests } from '../domain/events.ts';

/** A request of the history, as far as we keep it. Times are ms since the epoch, by fal's clock. */
export interface HistoryRow {
  readonly requestId: string;
  readonly endpointId: string;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly statusCode: number | undefined;
}

/** A request that ran three times as long as the slowest that is still well is not slow any more. */
const STUCK_FACTOR = 3;
/** Short limits are about latency and not about hangs: nothing is stuck before this. */
const LEAST_STUCK_MS = 15 * 60_000;
const MOST_STUCK_IDS = 5;

/** Whether a request started and did not end, as far as fal's history knows. */
export function isRunning({ startedAt, endedAt }: HistoryRow): boolean {
  return startedAt !== undefined && endedAt === undefined;
}

/** What runs for each of the endpoints that were asked for, at `now` in ms since the epoch. Oldest stuck ids first. */
export function runningRequests(
  rows: readonly HistoryRow[],
  { asked, now }: { readonly asked: readonly EndpointConfig[]; readonly now: number },
): readonly RunningRequests[] {
  const byEndpoint = Map.groupBy(rows.filter(isRunning), ({ endpointId }) => endpointId);
  return asked.map(({ id: endpointId, latencyLimitSeconds }) => {
    const limitMs = Math.max(STUCK_FACTOR * latencyLimitSeconds * 1000, LEAST_STUCK_MS);
    const aged = (byEndpoint.get(endpointId) ?? [])
      // fal's clock may be ahead of ours.
      .map(({ requestId, startedAt = now }) => ({ requestId, ageMs: Math.max(0, now - startedAt) }))
      .sort((a, b) => b.ageMs - a.ageMs);
    const stuck = aged.filter(({ ageMs }) => ageMs > limitMs);
    const [oldest] = aged;
    return {
      endpointId,
      running: aged.length,
      stuck: stuck.length,
      oldestSeconds: oldest && oldest.ageMs / 1000,
      stuckIds: stuck.slice(0, MOST_STUCK_IDS).map(({ requestId }) => requestId),
    };
  });
}
