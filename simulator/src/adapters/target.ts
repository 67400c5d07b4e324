import type { IncomingMessage } from 'node:http';
import { hostOf } from '../hosts.ts';

/** Where a request to the local server is meant to go. */
export type Target =
  | {
      readonly kind: 'host';
      readonly host: string;
      readonly url: URL;
      /** The local server's own URL, unless the caller believes that it talks to fal. */
      readonly reachedThrough: string | undefined;
    }
  | { readonly kind: 'root' }
  | { readonly kind: 'unknown' };

/**
 * Three ways lead to a host: the header `x-fal-target-url` (the client's proxy option), the path prefix
 * `/queue.fal.run/…`, and the Host header of a caller whose DNS points here.
 */
export function targetOf(message: IncomingMessage): Target {
  const ownUrl = `http://${message.headers.host ?? 'localhost'}`;
  const proxied = message.headers['x-fal-target-url'];
  if (typeof proxied === 'string') return fromProxyHeader(proxied, ownUrl);
  const url = parsed(`${ownUrl}${message.url ?? '/'}`);
  if (url === undefined) return { kind: 'unknown' };
  const byName = hostOf(url.hostname);
  if (byName !== undefined) return { kind: 'host', host: byName, url, reachedThrough: undefined };
  if (url.pathname === '/') return { kind: 'root' };
  const [, first = '', rest = '/'] = /^\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  const byPrefix = hostOf(first);
  if (byPrefix === undefined) return { kind: 'unknown' };
  const inner = new URL(url);
  inner.pathname = rest;
  return { kind: 'host', host: byPrefix, url: inner, reachedThrough: ownUrl };
}

function fromProxyHeader(header: string, ownUrl: string): Target {
  const url = parsed(header);
  const host = url === undefined ? undefined : hostOf(url.hostname);
  return url === undefined || host === undefined
    ? { kind: 'unknown' }
    : { kind: 'host', host, url, reachedThrough: ownUrl };
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
