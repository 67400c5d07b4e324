import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Attempt, classifyThrown, observeFetch } from 'opentelemetry-instrumentation-fal/core';
import { z } from 'zod';
import { AnswerStream } from './answer-stream.ts';
import { EXCHANGE_TIMEOUT_MS, type FalAccess } from './client.ts';
import { OversizedBodyError } from './deadline-fetch.ts';
import { JsonListError, JsonListScanner } from './json-list-scanner.ts';
import {
  MISSHAPEN,
  PlatformError,
  type PlatformQuery,
  platformHeaders,
  platformUrl,
  refusal,
} from './platform.ts';

/** 10,000 billing events are about 5 MB. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** Of an answer with an error status. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface PagesQuery<T> extends Omit<PlatformQuery<T>, 'schema'> {
  /** The field that holds the list, for example `billing_events`. */
  readonly list: string;
  /** One entry of the list. */
  readonly item: z.ZodType<T>;
  /** Called before each exchange; what it throws ends the reading. */
  readonly spendCall: () => void;
  readonly mostPages: number;
  /** Lets everything else of this process have its turn; `setImmediate` unless told otherwise. */
  readonly breathe?: (() => Promise<unknown>) | undefined;
}

/** Some entries of a list, in its order. */
export interface ListSlice<T> {
  readonly items: readonly T[];
  /** Entries that were left out because they are not what the API promises. */
  readonly unreadable: number;
}

/** There are more pages than one reading may have. */
export class PageLimitError extends RangeError {
  override readonly name = 'PageLimitError';
}

/**
 * Reads a long list of the Platform API, page after page, as slices of at most 75 entries. No more than one slice
 * is held at a time, and before and after each the event loop turns, so that a page of 10,000 entries stalls nothing.
 *
 * Rejects with a PlatformError for whatever gives no whole list (also for a cursor that came before), with a
 * PageLimitError after `mostPages`, and with what `spendCall` throws. Slices that were handed on before are good.
 *
 * Source: https://api.fal.ai/v1/openapi.json (`next_cursor`, `has_more`)
 */
export async function* platformPages<T>(
  access: FalAccess,
  call: PagesQuery<T>,
): AsyncGenerator<ListSlice<T>, void, void> {
  const { path, mostPages } = call;
  const cursors = new Set<string>();
  let { query } = call;
  for (let page = 0; page < mostPages; page += 1) {
    call.spendCall();
    const next = yield* onePage(access, { ...call, query });
    if (next === undefined) return;
    if (cursors.has(next)) throw misshapen(path, 'the cursor of an earlier page came again');
    cursors.add(next);
    query = { ...call.query, cursor: [next] };
  }
  throw new PageLimitError(`GET ${path}: more than ${mostPages} pages`);
}

/** Gives the cursor of the next page, or undefined after the last. */
async function* onePage<T>(
  access: FalAccess,
  call: PagesQuery<T>,
): AsyncGenerator<ListSlice<T>, string | undefined, void> {
  const { path, signal, item, breathe = nextTurn } = call;
  const { clock } = access;
  let attempt: Attempt | undefined;
  const fetch = observeFetch(access.fetch, {
    monotonic: () => clock.monotonic() / 1000,
    onAttempt: (seen) => {
      attempt = seen;
    },
  });
  const limits = { timeoutMs: EXCHANGE_TIMEOUT_MS, maxBodyBytes: MAX_PAGE_BYTES };
  const stream = new AnswerStream(fetch, { clock, signal, ...limits });
  try {
    const response = await stream.open(platformUrl(call), platformHeaders(call.key));
    if (!response.ok) throw refusal(path, response, await errorBody(stream));
    const scanner = new JsonListScanner(call.list);
    for await (const chunk of stream.chunks()) {
      for (const entries of scanner.feed(chunk)) {
        const slice = readable(entries, item);
        await breathe();
        signal.throwIfAborted();
        yield slice;
        await breathe();
      }
    }
    return nextCursor(path, scanner.finish());
  } catch (error) {
    throw platformErrorFrom(path, error, attempt);
  } finally {
    stream.close();
  }
}

function readable<T>(entries: readonly unknown[], item: z.ZodType<T>): ListSlice<T> {
  const items: T[] = [];
  for (const entry of entries) {
    const { success, data } = item.safeParse(entry);
    if (success) items.push(data);
  }
  return { items, unreadable: entries.length - items.length };
}

const paging = z.object({ next_cursor: z.string().max(4096).nullish(), has_more: z.boolean().nullish() });

function nextCursor(path: string, envelope: unknown): string | undefined {
  const { success, data } = paging.safeParse(envelope);
  if (!success) throw misshapen(path, 'next_cursor or has_more is not what it should be');
  const { has_more: hasMore } = data;
  const cursor = data.next_cursor ?? '';
  if (hasMore === true && cursor === '') throw misshapen(path, 'there is more, but no cursor to it');
  return hasMore === false || cursor === '' ? undefined : cursor;
}

/** What came with an error status, as JSON; undefined when it cannot be read: the status says enough. */
async function errorBody(stream: AnswerStream): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of stream.chunks()) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MAX_ERROR_BYTES) return undefined;
    }
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function platformErrorFrom(path: string, error: unknown, attempt: Attempt | undefined): PlatformError {
  if (error instanceof PlatformError) return error;
  const isOurs = error instanceof JsonListError || error instanceof OversizedBodyError;
  return isOurs ? misshapen(path, error.message) : new PlatformError(path, classifyThrown(error, attempt));
}

function misshapen(path: string, detail: string): PlatformError {
  return new PlatformError(path, MISSHAPEN, { detail });
}
