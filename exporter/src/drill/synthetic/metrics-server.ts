import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Address } from '../../config/address.ts';
import { formatAddress } from '../../config/address.ts';
import type { Clock } from '../../domain/clock.ts';
import { messageOf } from '../../domain/message-of.ts';
import { negotiateFormat } from '../../exposition/negotiate.ts';
import { collectBody } from '../../exposition/render.ts';
import { type Reply, textReply } from '../../http/reply.ts';
import { send } from '../../http/send.ts';
import type { MetricStore } from '../../metrics/store.ts';
import { DrillError } from '../drill.ts';

/** Against one bad client, as in the exporter's own server. */
const HEADERS_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 8192;
const MAX_CONNECTIONS = 50;

/** What the drill shows to Prometheus: one page. */
export interface MetricsServer {
  /** Where it listens now; the port is never 0. */
  readonly address: Address;
  /** Monotonic ms of the last scrape. */
  readonly scrapedAt: () => number | undefined;
  close(): Promise<void>;
}

/** Serves `store` on /metrics. Rejects with a DrillError when the address cannot be had. */
export async function serveMetrics(
  store: MetricStore,
  listen: Address,
  clock: Clock,
): Promise<MetricsServer> {
  let scrapedAt: number | undefined;
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => void answer(request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.on('error', () => response.destroy());
    const reply = await replyTo(request, store);
    if (reply.status === 200) scrapedAt = clock.monotonic();
    send(request, response, { reply, extraHeaders: {}, isClosing: false });
  };
  await listening(server, listen);
  return {
    address: { host: listen.host, port: (server.address() as AddressInfo).port },
    scrapedAt: () => scrapedAt,
    close: () => closed(server),
  };
}

async function replyTo({ method, url = '/', headers }: IncomingMessage, store: MetricStore): Promise<Reply> {
  if (method !== 'GET' && method !== 'HEAD')
    return textReply(405, 'Only GET and HEAD are served.', { allow: 'GET, HEAD' });
  if (url.split('?')[0] !== '/metrics')
    return textReply(404, 'A fire drill runs here; its numbers are at /metrics.');
  const { format, contentType } = negotiateFormat(headers.accept);
  try {
    return { status: 200, headers: { 'content-type': contentType }, body: await collectBody(store, format) };
  } catch (error) {
    return textReply(500, `Collecting the metrics failed: ${messageOf(error)}`);
  }
}

function listening(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const where = formatAddress({ host, port });
      const what = `the drill cannot serve its numbers on ${where}: ${messageOf(error)}.`;
      reject(new DrillError(`${what} Choose another address with --listen.`, { cause: error }));
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      server.on('error', () => undefined);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
