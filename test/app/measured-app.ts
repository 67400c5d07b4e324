import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFalClient } from '@fal-ai/client';
import {
  type Attempt,
  RequestLifeCycle,
  classifyThrown,
  observeFetch,
} from 'opentelemetry-instrumentation-fal/core';
import { systemClock } from '../../exporter/src/domain/clock.ts';
import { createScraper } from '../../exporter/src/exposition/scrape.ts';
import { simulatorFetch } from '../../exporter/src/fal/simulator-fetch.ts';
import { MetricStore } from '../../exporter/src/metrics/store.ts';
import { RequestBooks } from './request-books.ts';

export interface AppOptions {
  readonly simulatorUrl: string;
  readonly falKey: string;
  /** Requests per second to each model, evenly spread. */
  readonly perSecond: number;
  readonly endpointIds: readonly string[];
}

/** An app that asks fal for pictures through the real client, and says how it fared on /metrics. */
export interface MeasuredApp {
  /** `host:port`, for Prometheus's targets. */
  readonly target: string;
  /** Requests sent so far. */
  sent(): number;
  stop(): void;
}

const POLL_INTERVAL_MS = 200;

/**
 * Starts an app whose requests are measured by the life cycle and the classification of the instrumentation
 * package. Requests that hang stay in flight until the app stops: it has no deadline of its own.
 */
export async function startMeasuredApp(options: AppOptions): Promise<MeasuredApp> {
  const store = new MetricStore({ clock: systemClock, limit: 10_000, expireAfterMs: 3_600_000 });
  const books = new Map(options.endpointIds.map((id) => [id, new RequestBooks(store, id)]));
  store.beforeCollect('in flight', () => {
    for (const each of books.values()) each.refresh(now());
  });
  const stopped = new AbortController();
  let sent = 0;
  const timer = setInterval(() => {
    for (const [endpointId, book] of books) {
      sent += 1;
      void ask({ ...options, endpointId, book, signal: stopped.signal });
    }
  }, 1000 / options.perSecond);
  const server = await serve(store);
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => sent,
    stop: () => {
      clearInterval(timer);
      stopped.abort();
      server.close();
      server.closeAllConnections();
    },
  };
}

function now(): number {
  return systemClock.monotonic() / 1000;
}

interface Asking extends AppOptions {
  readonly endpointId: string;
  readonly book: RequestBooks;
  readonly signal: AbortSignal;
}

async function ask({ simulatorUrl, falKey, endpointId, book, signal }: Asking): Promise<void> {
  const request = new RequestLifeCycle();
  let last: Attempt | undefined;
  const client = createFalClient({
    credentials: falKey,
    suppressLocalCredentialsWarning: true,
    // The client's pauses between attempts do not shrink with the durations of the rules.
    retry: { maxRetries: 0 },
    fetch: observeFetch(simulatorFetch(simulatorUrl, fetch), {
      monotonic: now,
      onAttempt: (attempt) => {
        last = attempt;
      },
    }),
  });
  request.observe({ kind: 'started', at: now() });
  book.started(request);
  try {
    await client.subscribe(endpointId, {
      input: { prompt: 'a lighthouse' },
      pollInterval: POLL_INTERVAL_MS,
      abortSignal: signal,
      onEnqueue: (requestId) => request.observe({ kind: 'submitted', at: now(), requestId }),
      onQueueUpdate: ({ status }) => request.observe({ kind: KINDS[status], at: now() }),
    });
    request.observe({ kind: 'finished', at: now() });
  } catch (error) {
    request.observe({ kind: 'failed', at: now(), errorType: classifyThrown(error, last).errorType });
  }
  if (!signal.aborted) book.ended(request);
}

const KINDS = { IN_QUEUE: 'queued', IN_PROGRESS: 'running', COMPLETED: 'completed' } as const;

async function serve(store: MetricStore): Promise<ReturnType<typeof createServer>> {
  const scrape = createScraper({ store, clock: systemClock });
  const server = createServer((request, response) => {
    void scrape({ accept: request.headers.accept }).then(({ headers, body }) => {
      response.writeHead(200, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
