import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A Platform API with much to tell: for each of many models prices, usage, analytics and history, and a page of 10,000
 * billing events, all of them new whenever it is asked for. Below `/small` it tells one row of each, so that a reader
 * can be warmed up. Rows are as wide as fal's.
 */
export const ENDPOINT_IDS: readonly string[] = Array.from(
  { length: 100 },
  (_, i) => `fal-ai/model-${i}/text-to-image`,
);
export const EVENTS_PER_PAGE = 10_000;

const HOUR_MS = 3_600_000;

interface Question {
  readonly query: URLSearchParams;
  readonly isSmall: boolean;
}

const iso = (at: number): string => new Date(at).toISOString();
const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;
const endpointOf = (i: number): string => ENDPOINT_IDS[i % ENDPOINT_IDS.length] ?? '';

let pages = 0;

function billingEvents({ isSmall }: Question): unknown {
  const now = Date.now();
  const length = isSmall ? 1 : EVENTS_PER_PAGE;
  pages += 1;
  const events = Array.from({ length }, (_, i) => {
    const units = 1 + (i % 97) / 100;
    const nano = Math.round(units * 3_000_000);
    return {
      request_id: `019e6d0a-e5be-7b82-${String(pages).padStart(4, '0')}-${String(i).padStart(12, '0')}`,
      endpoint_id: endpointOf(i),
      timestamp: iso(now - 5_000 - i * 100),
      ...{ output_units: units, unit_price: 0.003, percent_discount: null },
      ...{ cost_subtotal: nano / 1e9, cost_discount: 0, cost_total: nano / 1e9 },
      ...{ cost_estimate_nano_usd: nano, auth_method: 'production key' },
    };
  });
  return { billing_events: events, next_cursor: null, has_more: false };
}

function usageRow(i: number): unknown {
  return {
    ...{ endpoint_id: endpointOf(i), unit: 'megapixels', quantity: 42.5, unit_price: 0.003 },
    ...{ percent_discount: 20, cost_subtotal: 0.1275, cost_discount: 0.0255, cost_total: 0.102, cost: 0.102 },
    currency: 'USD',
  };
}

function usage({ query, isSmall }: Question): unknown {
  const rows = Array.from({ length: isSmall ? 1 : ENDPOINT_IDS.length }, (_, i) => usageRow(i));
  if (query.get('expand') === 'summary') return { summary: rows, next_cursor: null, has_more: false };
  const hours = Array.from({ length: isSmall ? 1 : 48 }, (_, i) => hourOf(Date.now()) - i * HOUR_MS);
  const buckets = hours.map((at) => ({ bucket: iso(at), results: rows }));
  return { time_series: buckets, next_cursor: null, has_more: false };
}

function pricing({ query }: Question): unknown {
  const prices = query.getAll('endpoint_id').map((id) => ({
    ...{ endpoint_id: id, unit_price: 0.003, unit: 'megapixels', currency: 'USD' },
  }));
  return { prices, next_cursor: null, has_more: false };
}

function models({ query }: Question): unknown {
  const found = query.getAll('endpoint_id').map((id) => ({
    endpoint_id: id,
    metadata: { display_name: id, category: 'text-to-image', description: 'x'.repeat(400), status: 'active' },
  }));
  return { models: found, next_cursor: null, has_more: false };
}

function analytics({ query }: Question): unknown {
  const results = query.getAll('endpoint_id').map((id) => ({
    ...{ endpoint_id: id, request_count: 12, success_count: 11, user_error_count: 1, error_count: 0 },
    ...{ p50_duration: 1.7, p75_duration: 1.9, p90_duration: 2.2, p95_duration: 2.6, p99_duration: 3.1 },
    ...{ p50_prepare_duration: 0.4, p95_prepare_duration: 8.1, cold_boot_count: 1 },
  }));
  const minutes = Array.from({ length: 30 }, (_, i) => hourOf(Date.now()) - (i + 1) * 60_000);
  const buckets = minutes.map((at) => ({ bucket: iso(at), results }));
  return { time_series: buckets, next_cursor: null, has_more: false };
}

function history({ query, isSmall }: Question): unknown {
  const ids = query.getAll('endpoint_id');
  const page = Number(query.get('cursor') ?? 1);
  const items = Array.from({ length: isSmall ? 1 : 100 }, (_, i) => {
    const sentAt = Date.now() - (page * 100 + i) * 1000;
    return {
      request_id: `019e6d0a-e5be-7b82-0000-${String(page * 100 + i).padStart(12, '0')}`,
      ...{ endpoint_id: ids[i % ids.length] ?? '', sent_at: iso(sentAt), started_at: iso(sentAt + 500) },
      ...{ ended_at: iso(sentAt + 3400), status_code: 200, duration: 2.9 },
    };
  });
  const hasMore = !isSmall && page < 5;
  return { items, next_cursor: hasMore ? String(page + 1) : null, has_more: hasMore };
}

function billing(): unknown {
  return { username: 'my-team', credits: { current_balance: 240.5, currency: 'USD' } };
}

const ANSWERS: Readonly<Record<string, (question: Question) => unknown>> = {
  '/models/billing-events': billingEvents,
  '/models/usage': usage,
  '/models/pricing': pricing,
  '/models': models,
  '/models/analytics': analytics,
  '/models/requests/by-endpoint': history,
  '/account/billing': billing,
};

/** Serves on a free port of the loop back and tells the parent process where. */
export function servePlant(): void {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://plant');
    const isSmall = url.pathname.startsWith('/small/');
    const answer = ANSWERS[url.pathname.replace(/^(\/small)?\/api\.fal\.ai\/v1/, '')];
    if (answer === undefined) return void response.writeHead(404).end('{"detail":"not found"}');
    const body = JSON.stringify(answer({ query: url.searchParams, isSmall }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
}
