import type { Caller } from '../engine.ts';
import { type HttpReply, json } from '../reply.ts';
import { type Endpoint, allOffered } from '../world.ts';
import { PlatformRefusal } from './envelope.ts';
import { openApiOf } from './model-openapi.ts';
import type { PlatformCall } from './operation.ts';
import { numberedPage } from './paging.ts';
import { expansions, limitOf, manyOf, oneOf } from './query.ts';

/** fal states no number for this list. */
const PAGE = { byDefault: 100, most: 1000 };
/** The simulated world has no history: every model came at one and the same invented moment. */
const PUBLISHED = '2026-01-01T00:00:00Z';

/** `GET /models`: the catalogue, by list, by id or by search. Source: https://api.fal.ai/v1/openapi.json */
export function models({ engine, query }: PlatformCall, caller: Caller | undefined): HttpReply {
  const expand = expansions(query, ['openapi-3.0', 'enterprise_status']);
  const ids = manyOf(query, 'endpoint_id');
  const status = oneOf(query, 'status', ['active', 'deprecated']);
  const category = query.get('category');
  const text = query.get('q')?.toLowerCase() ?? '';
  const limit = limitOf(query, PAGE);
  const all = allOffered(engine.world);
  const chosen = ids.length === 0 ? all : all.filter((endpoint) => ids.includes(endpoint.id));
  if (ids.length > 0 && chosen.length === 0) {
    throw new PlatformRefusal('not_found', `No such endpoint: ${ids.join(', ')}`);
  }
  const found = chosen
    .filter((endpoint) => status === undefined || endpoint.status === status)
    .filter((endpoint) => category === null || endpoint.category === category)
    .filter((endpoint) => searchTextOf(endpoint).includes(text));
  const { items, ...cursor } = numberedPage(found, query, limit);
  return json(200, {
    models: items.map((endpoint) => ({
      endpoint_id: endpoint.id,
      metadata: metadataOf(endpoint, caller !== undefined),
      ...(expand.has('openapi-3.0') ? { openapi: openApiOf(endpoint) } : {}),
      ...(expand.has('enterprise_status') ? { enterprise_status: 'ready' } : {}),
    })),
    ...cursor,
  });
}

function searchTextOf(endpoint: Endpoint): string {
  return `${endpoint.id} ${endpoint.displayName} ${descriptionOf(endpoint)} ${endpoint.category}`.toLowerCase();
}

function descriptionOf(endpoint: Endpoint): string {
  return `${endpoint.displayName}, a simulated ${endpoint.category} model`;
}

function metadataOf(endpoint: Endpoint, isKnownCaller: boolean): Record<string, unknown> {
  const modelUrl = `https://fal.run/${endpoint.id}`;
  return {
    display_name: endpoint.displayName,
    category: endpoint.category,
    description: descriptionOf(endpoint),
    status: endpoint.status,
    tags: [],
    updated_at: PUBLISHED,
    date: PUBLISHED,
    is_favorited: isKnownCaller ? false : null,
    thumbnail_url: `https://v3.fal.media/files/simulated/${encodeURIComponent(endpoint.id)}.png`,
    model_url: modelUrl,
    ...(endpoint.streams === false ? {} : { stream_url: `${modelUrl}/stream` }),
    license_type: 'commercial',
    kind: 'inference',
    // fal counts it in minutes.
    duration_estimate: endpoint.inference.medianMs / 60_000,
    highlighted: false,
    pinned: false,
  };
}
