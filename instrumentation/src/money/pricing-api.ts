import { networkCodeOf } from '../errors/classify.ts';
import { nanoPriceOf } from './nano-usd.ts';
import { type EndpointPrice, unitNameOf } from './prices.ts';

export const PRICING_URL = 'https://api.fal.ai/v1/models/pricing';

/** Most endpoint ids that one call takes. Source: https://api.fal.ai/v1/openapi.json */
export const IDS_PER_CALL = 50;

/** Fifty prices are about five kilobytes. */
const LARGEST_BODY_BYTES = 1024 * 1024;

/** An answer in more pieces than ids is no answer. */
const MOST_PAGES = IDS_PER_CALL;

export interface PricingCall {
  readonly fetch: typeof fetch;
  readonly key: string;
  /** 1–50. */
  readonly endpointIds: readonly string[];
  readonly signal: AbortSignal;
}

export type PricingAnswer =
  /** An endpoint that is not in it has no price. */
  | { readonly kind: 'prices'; readonly prices: ReadonlyMap<string, EndpointPrice> }
  /** fal does not take one of the ids, and does not say which. */
  | { readonly kind: 'refused' }
  | {
      readonly kind: 'failed';
      /** What came instead of prices, in words. Never a text of the answer or of an error: it might hold the key. */
      readonly got: string;
      readonly isKeyAtFault: boolean;
      /** From `x-ratelimit-reset`. */
      readonly retryAfterSeconds?: number | undefined;
    };

/**
 * List prices of some endpoints: `GET /models/pricing`, all pages of it. Never rejects.
 * Source of the shapes: https://api.fal.ai/v1/openapi.json
 */
export async function askPrices(call: PricingCall): Promise<PricingAnswer> {
  const prices = new Map<string, EndpointPrice>();
  try {
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const response = await askPage(call, cursor);
      if (response.status !== 200) return await problemOf(response);
      const body = parsed(await readText(response));
      if (body === undefined) return failed('an answer that is no price list');
      addPrices(prices, body.prices);
      cursor = body.has_more === true && typeof body.next_cursor === 'string' ? body.next_cursor : undefined;
      if (cursor === undefined) return { kind: 'prices', prices };
    }
    return failed(`more than ${MOST_PAGES} pages`);
  } catch (error) {
    return failed(`no answer (${networkCodeOf(error) ?? 'unknown'})`);
  }
}

/** A call that gave no prices, for a reason that is not in the answer. */
export function failed(got: string, isKeyAtFault = false): PricingAnswer {
  return { kind: 'failed', got, isKeyAtFault };
}

function askPage({ fetch, key, endpointIds, signal }: PricingCall, cursor?: string): Promise<Response> {
  const url = new URL(PRICING_URL);
  for (const id of endpointIds) url.searchParams.append('endpoint_id', id);
  if (cursor !== undefined) url.searchParams.append('cursor', cursor);
  const headers = { accept: 'application/json', authorization: `Key ${key}` };
  // Redirects are not followed: the key stays with its host.
  return fetch(url, { headers, signal, redirect: 'manual' });
}

async function problemOf(response: Response): Promise<PricingAnswer> {
  const { status } = response;
  const reset = Number(response.headers.get('x-ratelimit-reset') ?? NaN);
  // An unread body holds its connection until it is collected.
  await response.body?.cancel().catch(() => undefined);
  if (status === 400 || status === 404 || status === 422) return { kind: 'refused' };
  const isKeyAtFault = status === 401 || status === 403;
  const retryAfterSeconds = status === 429 && Number.isFinite(reset) && reset >= 0 ? reset : undefined;
  return { kind: 'failed', got: `HTTP ${status}`, isKeyAtFault, retryAfterSeconds };
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const bytes = part.value as Uint8Array;
    size += bytes.byteLength;
    if (size > LARGEST_BODY_BYTES) {
      await reader.cancel().catch(() => undefined);
      return '';
    }
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

interface PriceList {
  readonly prices: readonly unknown[];
  readonly has_more?: unknown;
  readonly next_cursor?: unknown;
}

function parsed(text: string): PriceList | undefined {
  try {
    const body = JSON.parse(text) as Partial<PriceList> | null;
    return Array.isArray(body?.prices) ? (body as PriceList) : undefined;
  } catch {
    return undefined;
  }
}

function addPrices(prices: Map<string, EndpointPrice>, rows: readonly unknown[]): void {
  for (const row of rows) {
    if (typeof row !== 'object' || row === null) continue;
    const { endpoint_id: id, unit_price, unit, currency }: Record<string, unknown> = { ...row };
    const unitPriceNano = nanoPriceOf(unit_price);
    if (typeof id === 'string' && currency === 'USD' && unitPriceNano !== undefined)
      prices.set(id, { unitPriceNano, unit: unitNameOf(unit) });
  }
}
