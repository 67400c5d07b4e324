import {
  type BillingEventRow,
  billingEventOf,
  billingEventRow,
  subtotalOf,
} from '../collectors/billing-event-row.ts';
import { platformPages } from '../fal/platform-pages.ts';
import type { CostLine } from './cost-line.ts';
import { type CostQuestion, callLimit, spansOf } from './cost-question.ts';

const PATH = '/models/billing-events';
/** The most that fal gives at once. Source: https://api.fal.ai/v1/openapi.json */
const EVENTS_PER_PAGE = '10000';

export interface EventLines {
  readonly lines: readonly CostLine[];
  /** Events that are not what the API promises. */
  readonly unreadable: number;
}

/** Whether a request was sent by a probe of ours; undefined where that was not asked. */
export type IsProbe = ((requestId: string) => boolean) | undefined;

/**
 * The bill added up from single requests, `GET /models/billing-events`: what usage does not tell is how many requests
 * there were, and which of them were our own. What fal lists twice counts once.
 *
 * @throws PlatformError when fal does not answer; RangeError when there are too many pages.
 */
export async function costFromEvents(question: CostQuestion, isProbe?: IsProbe): Promise<EventLines> {
  const { access, adminKey: key, endpointIds, signal } = question;
  const list = { list: 'billing_events', item: billingEventRow };
  const call = { path: PATH, key, signal, ...list, ...callLimit(PATH) };
  const sums = new EventSums(isProbe);
  for (const span of spansOf(question)) {
    const query = { ...span, limit: [EVENTS_PER_PAGE], expand: ['auth_method'], endpoint_id: endpointIds };
    for await (const { items, unreadable } of platformPages(access, { ...call, query })) {
      sums.unreadable += unreadable;
      for (const row of items) sums.add(row);
      question.onProgress(sums.requests);
    }
  }
  return { lines: sums.lines(), unreadable: sums.unreadable };
}

/** Sums as small as a table can ask for, so that months of requests stay small. */
class EventSums {
  unreadable = 0;
  readonly #isProbe: IsProbe;
  readonly #seen = new Set<string>();
  readonly #lines = new Map<string, CostLine>();

  constructor(isProbe: IsProbe) {
    this.#isProbe = isProbe;
  }

  get requests(): number {
    return this.#seen.size;
  }

  add(row: BillingEventRow): void {
    // Newest first: the first mention of a request is the one that holds.
    if (this.#seen.has(row.request_id)) return;
    this.#seen.add(row.request_id);
    const event = billingEventOf(row, () => undefined);
    if (event === undefined) {
      this.unreadable += 1;
      return;
    }
    const { endpointId: endpoint, keyAlias: key, cost } = event;
    const day = new Date(event.at).toISOString().slice(0, 10);
    const source =
      this.#isProbe === undefined ? undefined : this.#isProbe(row.request_id) ? 'probe' : 'other';
    const place = JSON.stringify([day, endpoint, source, key]);
    const { billed = 0, listed = 0, requests = 0 } = this.#lines.get(place) ?? {};
    this.#lines.set(place, {
      ...{ day, endpoint, source, key, billed: billed + cost, requests: requests + 1 },
      listed: listed + Math.max(subtotalOf(row) ?? 0, cost),
    });
  }

  lines(): readonly CostLine[] {
    return [...this.#lines.values()];
  }
}
