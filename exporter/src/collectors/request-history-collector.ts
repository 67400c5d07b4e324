import { z } from 'zod';
import { IDS_PER_CALL } from '../config/collectors.ts';
import type { CollectorConfig, EndpointConfig } from '../config/config.ts';
import type { RunningRequests } from '../domain/events.ts';
import type { FalAccess } from '../fal/client.ts';
import { platformGet } from '../fal/platform.ts';
import type { CollectContext, Collector } from './collector.ts';
import { EndpointQuestions } from './endpoint-questions.ts';
import type { FailedRequests } from './failed-requests.ts';
import { moment } from './fal-time.ts';
import { readPages } from './pages.ts';
import { RequestOrder } from './request-order.ts';
import { type HistoryRow, runningRequests } from './running-requests.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The largest page. Source: https://api.fal.ai/v1/openapi.json */
const ROWS_PER_PAGE = 100;
/** However many calls the quota allows: a thousand requests in one reading. */
const MOST_PAGES = 10;
const LEAVE_OUT_MS = HOUR_MS;

/** Rows have payloads only where one asks for them, which we never do; all other fields are left behind here. */
const historyPage = z.object({
  next_cursor: z.string().nullish(),
  has_more: z.boolean().nullish(),
  items: z.array(
    z.object({
      // It is shown to people: nothing that breaks or turns a line.
      request_id: z.string().regex(/^[^\p{C}\s]{1,200}$/u),
      endpoint_id: z.string(),
      started_at: moment.nullish(),
      ended_at: moment.nullish(),
      status_code: z.int().nullish(),
    }),
  ),
});

export interface RequestHistoryCollectorOptions {
  readonly access: FalAccess;
  readonly config: CollectorConfig;
  readonly account: string;
  readonly endpoints: readonly EndpointConfig[];
  /** Takes the ids of requests that failed; outlives this collector. */
  readonly failed: FailedRequests;
}

/**
 * What runs at fal for the account, and what has been running for too long: the only view of a stuck request that the
 * platform offers. It reads the last 24 hours, newest first, as far as the quota goes.
 *
 * When there is more than that, a model of which running requests were seen is told with those, at least; one of which
 * none was seen is left out, unless fal has proved to list running requests first.
 *
 * Source: `GET /models/requests/by-endpoint` of https://api.fal.ai/v1/openapi.json
 */
export function createRequestHistoryCollector(options: RequestHistoryCollectorOptions): Collector {
  const { access, config, account, endpoints, failed } = options;
  const { clock } = access;
  const endpointIds = endpoints.map(({ id }) => id);
  const questions = new EndpointQuestions({ endpointIds, clock, leaveOutMs: LEAVE_OUT_MS });
  const order = new RequestOrder();
  const mostPages = pagesPerQuestion(config, endpoints.length);
  return {
    name: 'request-history',
    intervalMs: config.intervalMs,
    callsPerHour: config.callsPerHour,
    async collect(context): Promise<void> {
      const told = new Map<string, RunningRequests>();
      const take = (ids: readonly string[], rows: readonly HistoryRow[], isWhole: boolean): void => {
        order.learn(rows);
        failed.take(rows);
        const showsAllRunning = isWhole || order.showsAllRunning(rows);
        const asked = endpoints.filter(({ id }) => ids.includes(id));
        for (const one of runningRequests(rows, { asked, now: clock.now() }))
          if (showsAllRunning || one.running > 0) told.set(one.endpointId, one);
      };
      try {
        await questions.askAll(async (ids) => {
          const rows = new Map<string, HistoryRow>();
          let isWhole = false;
          try {
            isWhole = await readHistory(access, { ids, mostPages, rows }, context);
          } finally {
            // What was read before a page failed, or before the quota was used up, is true all the same.
            if (isWhole || rows.size > 0) take(ids, [...rows.values()], isWhole);
          }
        });
      } finally {
        const all = endpointIds.flatMap((id) => told.get(id) ?? []);
        if (all.length > 0)
          context.emit({ kind: 'request_history_observed', at: clock.now(), account, endpoints: all });
      }
    },
  };
}

/** The share of one question in the calls of an hour, so that the quota lasts for every reading. */
function pagesPerQuestion({ intervalMs, callsPerHour }: CollectorConfig, endpoints: number): number {
  const questions = Math.max(1, Math.ceil(endpoints / IDS_PER_CALL));
  const share = Math.floor((callsPerHour * intervalMs) / HOUR_MS / questions);
  return Math.min(MOST_PAGES, Math.max(1, share));
}

interface HistoryQuestion {
  readonly ids: readonly string[];
  readonly mostPages: number;
  /** Filled while the pages come in: each request once, in fal's order. */
  readonly rows: Map<string, HistoryRow>;
}

/** Gives whether that was all that fal has. */
async function readHistory(
  access: FalAccess,
  { ids, mostPages, rows }: HistoryQuestion,
  { signal, spendCall }: CollectContext,
): Promise<boolean> {
  const query = {
    ...{ endpoint_id: ids, limit: [String(ROWS_PER_PAGE)] },
    start: [new Date(access.clock.now() - DAY_MS).toISOString()],
  };
  return readPages(
    (cursor) => {
      spendCall();
      return platformGet(access, {
        path: '/models/requests/by-endpoint',
        query: cursor === undefined ? query : { ...query, cursor: [cursor] },
        ...{ schema: historyPage, key: access.falKey(), signal },
      });
    },
    (page) => {
      for (const item of page.items) {
        const row = rowOf(item);
        // A row may come on two pages while the list moves on; once ended, it does not run any more.
        if (rows.get(row.requestId)?.endedAt === undefined) rows.set(row.requestId, row);
      }
    },
    mostPages,
  );
}

function rowOf(item: z.infer<typeof historyPage>['items'][number]): HistoryRow {
  return {
    requestId: item.request_id,
    endpointId: item.endpoint_id,
    startedAt: item.started_at ?? undefined,
    endedAt: item.ended_at ?? undefined,
    statusCode: item.status_code ?? undefined,
  };
}
