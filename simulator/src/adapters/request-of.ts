import type { IncomingMessage } from 'node:http';
import type { SimulatedRequest } from '../reply.ts';
import type { Target } from './target.ts';

/** A request of the local server as a host sees it. */
export function requestOf(
  message: IncomingMessage,
  { host, url, reachedThrough }: Extract<Target, { kind: 'host' }>,
  rest: Pick<SimulatedRequest, 'body' | 'signal'>,
): SimulatedRequest {
  return {
    method: message.method ?? 'GET',
    host,
    path: url.pathname,
    query: url.searchParams,
    headers: headersOf(message),
    reachedThrough,
    ...rest,
  };
}

function headersOf(message: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
