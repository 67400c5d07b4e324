import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from '../../domain/clock.ts';
import { OversizedBodyError, deadlineFetch } from '../../fal/deadline-fetch.ts';

/** What reading a public page needs. There is no key in it, so none can be sent. */
export interface PageAccess {
  readonly clock: Clock;
  readonly fetch: Fetch;
}

/**
 * Why a document could not be used: `unreachable` gave no complete answer, `refused` answered with another
 * thing or nothing, `unreadable` is not what its name says.
 */
export type DocumentTrouble = 'unreachable' | 'refused' | 'unreadable';

/** A document of the status page that told nothing. The message holds no word of the answer. */
export class StatusPageError extends Error {
  override readonly name = 'StatusPageError';
  readonly trouble: DocumentTrouble;

  constructor(trouble: DocumentTrouble, message: string) {
    super(message);
    this.trouble = trouble;
  }
}

/** For one document: connect, headers and the whole body. */
const TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 1024 * 1024;

export interface DocumentRequest {
  readonly access: PageAccess;
  readonly url: URL;
  readonly accept: string;
  readonly signal: AbortSignal;
}

/** The text of one public document. Rejects with a StatusPageError, or with the reason of an aborted signal. */
export async function readDocument({ access, url, accept, signal }: DocumentRequest): Promise<string> {
  const fetch = deadlineFetch(access.fetch, {
    clock: access.clock,
    timeoutMs: TIMEOUT_MS,
    maxBodyBytes: MAX_BODY_BYTES,
  });
  let response: Response;
  try {
    response = await fetch(url.href, { headers: { accept }, credentials: 'omit', signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw failedExchange(url, error);
  }
  const text = await response.text();
  const found = foundInstead(response.status, text);
  if (found !== undefined)
    throw new StatusPageError('refused', `${asked(url)}: expected a document, got ${found}`);
  return text;
}

/** How the sentences of this collector begin. */
export function asked(url: URL): string {
  return `GET ${url.host}${url.pathname}`;
}

function failedExchange(url: URL, error: unknown): StatusPageError {
  if (error instanceof OversizedBodyError) {
    return new StatusPageError('unreadable', `${asked(url)}: ${error.message}, which no status page needs`);
  }
  const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
  const found = isTimeout ? error.message : `no answer${codeOf(error)}`;
  return new StatusPageError('unreachable', `${asked(url)}: ${found}; can this machine reach ${url.host}?`);
}

/** The system's own code of a failure, such as ENOTFOUND; its text may hold anything. */
function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : undefined;
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? ` (${code})` : '';
}

function foundInstead(status: number, text: string): string | undefined {
  const isHtml = /^\s{0,100}<(?:!doctype\s+html|html)\b/i.test(text.slice(0, 300));
  const page = isHtml ? ' with an HTML page' : '';
  if (status >= 300 && status < 400) return `HTTP ${status}, a redirect, which is not followed`;
  if (status !== 200) return `HTTP ${status}${page}`;
  if (isHtml) return 'an HTML page';
  return text.trim() === '' ? 'an empty body' : undefined;
}
