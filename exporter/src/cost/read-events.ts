import { billingEventOf, billingEventRow } from '../collectors/billing-event-row.ts';
import { platformPages } from '../fal/platform-pages.ts';
import type { CostLine } from './cost-line.ts';
import type { CostQuestion } from './read-usage.ts';

/** The most that fal gives at once. Source: https://api.fal.ai/v1/openapi.json */
const EVENTS_PER_PAGE = '10000';
/** Ten million requests: beyond that a table is not the right tool. */
const MOST_PAGES = 1000;

export interface EventLines {
  readonly lines: readonly CostLine[];
  /** Events that are not what the API promises. */
  readonly unreadable: number;
}

/**
 * The bill added up from single requests, `GET /models/billing-events`: what usage does not tell is how many requests
 * there were, and which of them were our own. What fal lists twice counts once.
 *
 * @throws PlatformError when fal does not answer; PageLimitError when the time is too long.
 */
export async function costFromEvents(
  question: CostQuestion,
  isProbe: (requestId: string) => boolean,
): Promise<EventLines> {
  const { access, adminKey: key, since, until, endpointIds, signal } = question;
  const query = {
    ...{ start: [new Date(since).toISOString()], end: [new Date(until).toISOString()] },
    ...{ limit: [EVENTS_PER_PAGE], expand: ['auth_method'], endpoint_id: endpointIds },
  };
  const list = { list: 'billing_events', item: billingEventRow, mostPages: MOST_PAGES };
  const call = { path: '/models/billing-events', query, key, signal, spendCall: () => undefined, ...list };
  const sums = new Map<string, CostLine>();
  const seen = new Set<string>();
  let unreadable = 0;
  for await (const slice of platformPages(access, call)) {
    unreadable += slice.unreadable;
    for (const row of slice.items) {
      // Newest first: the first mention of a request is the one that holds.
      if (seen.has(row.request_id)) continue;
      seen.add(row.request_id);
      const event = billingEventOf(row, () => undefined);
      if (event === undefined) unreadable += 1;
      else add(sums, { ...event, source: isProbe(event.requestId) ? 'probe' : 'other' });
    }
    question.onProgress(seen.size);
  }
  return { lines: [...sums.values()], unreadable };
}

interface Piece {
  readonly endpointId: string;
  readonly at: number;
  readonly cost: number;
  readonly estimate?: number | undefined;
  readonly keyAlias?: string | undefined;
  readonly source: 'probe' | 'other';
}

/** As small as a table can ask for, so that months of requests stay small. */
function add(sums: Map<string, CostLine>, { endpointId, at, cost, estimate, keyAlias, source }: Piece): void {
  const day = new Date(at).toISOString().slice(0, 10);
  const place = JSON.stringify([day, endpointId, source, keyAlias]);
  const { billed = 0, listed = 0, requests = 0 } = sums.get(place) ?? {};
  sums.set(place, {
    ...{ day, endpoint: endpointId, source, key: keyAlias, billed: billed + cost },
    ...{ listed: listed + Math.max(estimate ?? cost, cost), requests: requests + 1 },
  });
}
