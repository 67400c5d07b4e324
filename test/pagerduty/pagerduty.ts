import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mode } from './behaviour.ts';
import { control } from './control.ts';
import { MAX_BODY_BYTES } from './event.ts';
import type { Incident } from './incidents.ts';
import { page } from './page.ts';
import type { RateLimit } from './rate-limit.ts';
import { PagerDutyService, type ReceivedRequest } from './service.ts';

export interface PagerDutyOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** Keys of integrations that exist; any 32 characters when absent. */
  readonly routingKeys?: readonly string[];
  /** Off when absent; PAGERDUTY_RATE_LIMIT is the real one. */
  readonly rateLimit?: RateLimit;
  /** Milliseconds since the epoch; the machine's clock unless given. */
  readonly now?: () => number;
}

/** A receiver as strict as PagerDuty, on loopback. Nobody is ever called. */
export interface PagerDuty {
  /** The page for people, without a trailing slash. */
  readonly url: string;
  /** For `pagerduty_url`: where events are sent. */
  readonly enqueueUrl: string;
  /** Every call in its order, refused ones included. */
  requests(): readonly ReceivedRequest[];
  /** In the order of their opening, resolved ones included. */
  incidents(): readonly Incident[];
  /** For the next `times` requests, or until it is switched again. Calls that hang go on hanging. */
  setMode(mode: Mode, times?: number): void;
  /** Forgets requests and incidents; the mode stays. */
  reset(): void;
  stop(): Promise<void>;
}

/** Starts the stand-in. Rejects when the port is taken. */
export async function startPagerDuty(options: PagerDutyOptions = {}): Promise<PagerDuty> {
  const now = options.now ?? Date.now;
  const service = new PagerDutyService({ ...options, now });
  const server = createServer((request, response) => {
    handle({ request, response, service, now }).catch(() => response.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    enqueueUrl: `${url}/v2/enqueue`,
    requests: () => service.requests(),
    incidents: () => service.incidents(),
    setMode: (mode, times) => service.behaviour.set(mode, times),
    reset: () => service.reset(),
    stop: () => close(server),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly service: PagerDutyService;
  readonly now: () => number;
}

async function handle({ request, response, service, now }: Exchange): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const body = await bodyOf(request);
  if (path === '/v2/enqueue' && request.method === 'POST') {
    const answer = service.take({ contentType: request.headers['content-type'], body });
    if (answer === 'hang') return;
    if (answer === 'reset') request.socket.resetAndDestroy();
    else send(response, answer.status, answer.body);
  } else if (path === '/' && request.method === 'GET') {
    response.writeHead(200, PAGE_HEADERS).end(page({ service, now: now() }));
  } else if (path.startsWith('/control/')) {
    const answer = control(service, { method: request.method ?? '', path, body });
    send(response, answer.status, answer.body);
  } else {
    send(response, 404, { error: `nothing at ${path}; events go to POST /v2/enqueue, people to /` });
  }
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  // Events come from outside: whatever they carry, the page runs nothing and loads nothing.
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
};

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Undefined when it is longer than PagerDuty takes; read to its end all the same, so that the answer arrives. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString('utf8') : undefined;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
