import type { DiagLogger } from '@opentelemetry/api';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { PACKAGE_NAME } from '../version.ts';

export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Answers a scrape. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
  readonly log: Pick<DiagLogger, 'warn' | 'info'>;
}

const PATH = '/metrics';

/** While an old process of the app still serves, the new one of a rolling restart waits for the port. */
const RETRY_MS = 5_000;

/**
 * Serves `/metrics` without ever being in the way: it does not keep the process alive, and a port that is taken is
 * a warning. We listen by ourselves because the server of the stock exporter tries once and reports a bare error.
 */
export function serveMetrics(options: MetricsServerOptions): Server {
  const { host, port, log } = options;
  const server = createServer((request, response) => route(options, request, response));
  let isTold = false;
  server.on('error', (error: NodeJS.ErrnoException) => {
    const isTaken = error.code === 'EADDRINUSE';
    if (!isTold) log.warn(`${PACKAGE_NAME}: ${sayBlocked(options, error)}`);
    isTold = true;
    if (isTaken && !server.listening) setTimeout(listen, RETRY_MS).unref();
  });
  server.on('listening', () => log.info(`${PACKAGE_NAME}: metrics on http://${host}:${port}${PATH}`));
  // The connection of a scraper stays open between scrapes.
  server.on('connection', (socket) => socket.unref());
  server.unref();
  listen();
  return server;

  function listen(): void {
    // Exclusive: in a cluster every scrape would otherwise be answered by another worker, with other numbers.
    server.listen({ host, port, exclusive: true });
  }
}

function route({ answer }: MetricsServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const [path] = (request.url ?? '').split('?');
  if (isRead && path === PATH) return answer(request, response);
  response.statusCode = isRead ? 404 : 405;
  response.end();
}

function sayBlocked(
  { host, port }: MetricsServerOptions,
  { code = 'unknown error' }: NodeJS.ErrnoException,
): string {
  const where = `http://${host}:${port}${PATH}`;
  const advice =
    'Set OTEL_EXPORTER_PROMETHEUS_PORT (and _HOST) for each process, or push with OTEL_METRICS_EXPORTER=otlp.';
  return code === 'EADDRINUSE'
    ? `cannot serve metrics on ${where}: another process has the port. The app runs on, and the port is taken as soon as it is free. ${advice}`
    : `cannot serve metrics on ${where} (${code}). The app runs on without it. ${advice}`;
}
