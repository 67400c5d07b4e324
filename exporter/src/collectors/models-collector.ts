import { z } from 'zod';
import type { CollectorConfig } from '../config/config.ts';
import type { ModelStatus } from '../domain/events.ts';
import type { FalAccess } from '../fal/client.ts';
import { platformGet } from '../fal/platform.ts';
import type { CollectContext, Collector } from './collector.ts';
import { EndpointQuestions } from './endpoint-questions.ts';
import { readPages } from './pages.ts';

/** One page holds fifty models today; should fal ever cut them up, this is as far as we follow. */
const MOST_PAGES = 10;

/** `metadata` may be absent, and its `status` may one day have a third value. */
const modelsPage = z.object({
  next_cursor: z.string().nullish(),
  has_more: z.boolean().nullish(),
  models: z.array(
    z.object({ endpoint_id: z.string(), metadata: z.object({ status: z.string().nullish() }).nullish() }),
  ),
});

export interface ModelsCollectorOptions {
  readonly access: FalAccess;
  readonly config: CollectorConfig;
  readonly endpointIds: readonly string[];
}

/**
 * Whether the configured models are in fal's catalogue, and whether fal has deprecated them. A model is missing only
 * when fal answered properly and knows none of its name; any other trouble says nothing about it.
 *
 * Source: `GET /models` of https://api.fal.ai/v1/openapi.json; it needs no key, and allows more calls with one.
 */
export function createModelsCollector({ access, config, endpointIds }: ModelsCollectorOptions): Collector {
  const { clock } = access;
  const questions = new EndpointQuestions({ endpointIds, clock, leaveOutMs: 0 });
  return {
    name: 'models',
    intervalMs: config.intervalMs,
    callsPerHour: config.callsPerHour,
    async collect(context): Promise<void> {
      const tell = (endpointId: string, status: ModelStatus): void =>
        context.emit({ kind: 'model_status_observed', at: clock.now(), endpointId, status });
      await questions.askAll(
        async (ids) => {
          const { listed, isWhole } = await readCatalogue(access, ids, context);
          for (const id of ids) {
            const status = listed.has(id) ? statusOf(listed.get(id)) : isWhole ? 'missing' : undefined;
            if (status !== undefined) tell(id, status);
          }
        },
        (id) => tell(id, 'missing'),
      );
    },
  };
}

interface Catalogue {
  /** What fal says of each model that it knows. */
  readonly listed: ReadonlyMap<string, string | undefined>;
  readonly isWhole: boolean;
}

async function readCatalogue(
  access: FalAccess,
  endpointIds: readonly string[],
  { signal, spendCall }: CollectContext,
): Promise<Catalogue> {
  const listed = new Map<string, string | undefined>();
  const isWhole = await readPages(
    (cursor) => {
      spendCall();
      const query = { endpoint_id: endpointIds, ...(cursor === undefined ? {} : { cursor: [cursor] }) };
      return platformGet(access, {
        ...{ path: '/models', query, schema: modelsPage, key: access.falKey(), signal },
      });
    },
    (page) => {
      for (const { endpoint_id: id, metadata } of page.models) listed.set(id, metadata?.status ?? undefined);
    },
    MOST_PAGES,
  );
  return { listed, isWhole };
}

function statusOf(text: string | undefined): ModelStatus | undefined {
  return text === 'active' || text === 'deprecated' ? text : undefined;
}
