import type { Caller } from '../engine.ts';
import { type HttpReply, json } from '../reply.ts';
import { offered } from '../world.ts';
import { usd } from './charges.ts';
import { PlatformRefusal, invalid } from './envelope.ts';
import { type PlatformCall, isObject, jsonObject } from './operation.ts';
import { someOf } from './query.ts';
import { billedJobs } from './records.ts';

const SMALLEST_UNIT_QUANTITY = 1e-6;

/** `GET /models/pricing`: list prices before discounts. An id without a price is not in the answer. */
export function pricing({ engine, query }: PlatformCall): HttpReply {
  const prices = someOf(query, 'endpoint_id').flatMap((id) => {
    const endpoint = offered(engine.world, id);
    if (endpoint?.unitPriceNano === undefined) return [];
    const unitPrice = usd(endpoint.unitPriceNano);
    return [{ endpoint_id: id, unit_price: unitPrice, unit: endpoint.unit, currency: 'USD' }];
  });
  return json(200, { prices, next_cursor: null, has_more: false });
}

/** `POST /models/pricing/estimate`: one total over all endpoints. Source: https://api.fal.ai/v1/openapi.json */
export function estimate(call: PlatformCall, caller: Caller): HttpReply {
  const body = jsonObject(call.request.body);
  if (body === undefined) throw invalid('body', 'a JSON object');
  const { estimate_type: type, endpoints } = body;
  if (type !== 'historical_api_price' && type !== 'unit_price') {
    throw invalid('estimate_type', 'historical_api_price or unit_price');
  }
  if (!isObject(endpoints) || Object.keys(endpoints).length === 0) {
    throw invalid('endpoints', 'an object with at least one endpoint id');
  }
  let totalNano = 0;
  for (const [id, wish] of Object.entries(endpoints)) {
    totalNano +=
      type === 'unit_price'
        ? unitPriceOf(call, id) * unitQuantity(id, wish)
        : historicalPriceOf(call, caller, id) * callQuantity(id, wish);
  }
  return json(200, { estimate_type: type, total_cost: usd(Math.round(totalNano)), currency: 'USD' });
}

function unitQuantity(id: string, wish: unknown): number {
  const quantity = isObject(wish) ? wish.unit_quantity : undefined;
  if (typeof quantity !== 'number' || !Number.isFinite(quantity) || quantity < SMALLEST_UNIT_QUANTITY) {
    throw invalid(`endpoints.${id}.unit_quantity`, `a number of at least ${SMALLEST_UNIT_QUANTITY}`);
  }
  return quantity;
}

function callQuantity(id: string, wish: unknown): number {
  const quantity = isObject(wish) ? wish.call_quantity : undefined;
  if (typeof quantity !== 'number' || !Number.isSafeInteger(quantity) || quantity < 1) {
    throw invalid(`endpoints.${id}.call_quantity`, 'an integer of at least 1');
  }
  return quantity;
}

function unitPriceOf({ engine }: PlatformCall, id: string): number {
  const price = offered(engine.world, id)?.unitPriceNano;
  if (price === undefined) throw new PlatformRefusal('not_found', `No price known for endpoint ${id}`);
  return price;
}

/** Mean charge of the caller's past calls in nano-dollars; without any, the units of one call at list price. */
function historicalPriceOf(call: PlatformCall, caller: Caller, id: string): number {
  const past = billedJobs(call.engine, caller.account).filter((job) => job.endpointId === id);
  if (past.length > 0) return past.reduce((sum, job) => sum + (job.chargedNano ?? 0), 0) / past.length;
  const unitsPerRequest = offered(call.engine.world, id)?.unitsPerRequest ?? 1;
  return unitPriceOf(call, id) * unitsPerRequest;
}
