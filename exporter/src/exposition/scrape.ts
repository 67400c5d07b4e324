import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../domain/clock.ts';
import * as catalogue from '../metrics/catalogue.ts';
import type { MetricStore } from '../metrics/store.ts';
import { acceptsGzip, negotiateFormat } from './negotiate.ts';
import { type Appendix, collectBody } from './render.ts';

const compress = promisify(gzip);

/** Scrapes are so repetitive that level 6 takes four times as long to save another tenth. */
export const GZIP_LEVEL = 3;

/** The request headers that decide what a scrape looks like. */
export interface ScrapeRequest {
  readonly accept?: string | undefined;
  readonly acceptEncoding?: string | undefined;
}

export interface ScrapeReply {
  /** Complete but for Content-Length, which is `body.length`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Answers scrapes from the store: negotiates, writes, compresses (off the main thread) and times itself.
 * Rejects with a CollectError when collecting fails: answer that with 500, never with an empty 200, which
 * would read as every series gone.
 */
export function createScraper(options: {
  readonly store: MetricStore;
  readonly clock: Clock;
  /** Metrics of somebody else that are passed on. */
  readonly appendix?: Appendix | undefined;
}): (request: ScrapeRequest) => Promise<ScrapeReply> {
  const { store, clock, appendix } = options;
  const duration = store.bind(catalogue.scrapeDuration, {});
  return async ({ accept, acceptEncoding }) => {
    const startedAt = clock.monotonic();
    const { format, contentType } = negotiateFormat(accept);
    const plain = await collectBody(store, format, appendix);
    const isGzip = acceptsGzip(acceptEncoding);
    const body = isGzip ? await compress(plain, { level: GZIP_LEVEL }) : plain;
    duration.set((clock.monotonic() - startedAt) / 1000);
    return {
      body,
      headers: {
        'Content-Type': contentType,
        ...(isGzip ? { 'Content-Encoding': 'gzip' } : {}),
        Vary: 'Accept, Accept-Encoding',
        'Cache-Control': 'no-store',
      },
    };
  };
}
