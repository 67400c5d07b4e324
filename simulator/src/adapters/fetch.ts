import { STATUS_CODES } from 'node:http';
import { hostOf } from '../hosts.ts';
import type { HttpReply, Reply, SimulatedRequest } from '../reply.ts';
import { chunkedBody, halfBody, silentBody } from './response-body.ts';
import { type Visit, type Visits, connectionReset, hostNotFound } from './visits.ts';

/** Statuses that may carry no body. */
const BODILESS = new Set([101, 204, 205, 304]);

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` that reaches the simulated hosts without a port. Failures look like those of Node's own: a reset is
 * `TypeError: fetch failed` with `cause.code` ECONNRESET, an unknown host ENOTFOUND, an abort rejects with the
 * signal's reason, a cut body rejects with `TypeError: terminated`.
 */
export function createFetch(answer: (request: SimulatedRequest) => Promise<Reply>, visits: Visits): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.headers.get('x-fal-target-url') ?? request.url);
    const host = hostOf(url.hostname);
    if (host === undefined) throw hostNotFound(url.hostname);
    const body = await bodyOf(request, init);
    // Of the caller's own signal, because the copy inside `Request` may be collected too early.
    const visit = visits.open(init?.signal ?? (input instanceof Request ? input.signal : undefined));
    const simulated: SimulatedRequest = {
      method: request.method,
      host,
      path: url.pathname,
      query: url.searchParams,
      headers: new Map(request.headers),
      body,
      signal: visit.signal,
    };
    visit.signal.throwIfAborted();
    const reply = await Promise.race([answer(simulated), visit.broken]);
    return responseOf(reply, visit);
  };
}

async function bodyOf(request: Request, init: RequestInit | undefined): Promise<Uint8Array> {
  if (typeof init?.body === 'string') return new TextEncoder().encode(init.body);
  return request.body === null ? new Uint8Array() : new Uint8Array(await request.arrayBuffer());
}

function responseOf(reply: Reply, visit: Visit): Response | Promise<never> {
  switch (reply.kind) {
    // Node's `fetch` breaks a connection that is answered with another protocol.
    case 'socket':
    case 'reset':
      visit.finish();
      throw connectionReset();
    case 'hang':
      return reply.after === 'nothing'
        ? visit.broken
        : new Response(silentBody(visit), {
            status: 200,
            statusText: 'OK',
            headers: { 'content-type': 'application/json' },
          });
    case 'http':
      return new Response(contentOf(reply, visit), {
        status: reply.status,
        statusText: STATUS_CODES[reply.status] ?? '',
        headers: { ...reply.headers },
      });
  }
}

function contentOf(
  reply: HttpReply,
  visit: Visit,
): string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null {
  const { body, truncated = false } = reply;
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return chunkedBody(body, visit, truncated);
  visit.finish();
  if (BODILESS.has(reply.status)) return null;
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : Uint8Array.from(body);
  return truncated ? halfBody(bytes) : bytes;
}
