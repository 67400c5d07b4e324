import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';
import type { HeaderConfig } from './web-config-schema.ts';

/** On every answer, errors included: nothing is cached, framed, sniffed, or loads anything. */
const SHARED_HEADERS = {
  'cache-control': 'no-store',
  vary: 'Accept, Accept-Encoding',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export interface Outgoing {
  readonly reply: Reply;
  /** From the web configuration; a blank value takes the header away. */
  readonly extraHeaders: HeaderConfig;
  readonly isClosing: boolean;
}

/** Writes one answer. To a HEAD request Node.js itself sends no body. */
export function send(request: IncomingMessage, response: ServerResponse, outgoing: Outgoing): void {
  const { reply, extraHeaders, isClosing } = outgoing;
  if (response.destroyed || response.headersSent) return;
  const headers = new Map<string, string>(Object.entries(SHARED_HEADERS));
  for (const [name, value] of Object.entries(reply.headers ?? {})) headers.set(name.toLowerCase(), value);
  for (const [name, value] of Object.entries(extraHeaders as Readonly<Record<string, string>>)) {
    if (value === '') headers.delete(name.toLowerCase());
    else headers.set(name.toLowerCase(), value);
  }
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  headers.set('content-length', String(body.byteLength));
  // A body that nobody reads must not be taken for the next request.
  if (isClosing || hasBody(request)) headers.set('connection', 'close');
  response.writeHead(reply.status, Object.fromEntries(headers));
  response.end(body);
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
