import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { messageOf } from '../../domain/message-of.ts';
import type { Reading } from './sighting.ts';

/** Longer than anything on loopback takes, shorter than anybody's patience. */
const ANSWER_WITHIN_MS = 5000;

/** A server that is asked over HTTP: its address, with a login in it when it wants one. */
export class AskedServer {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: Fetch;

  /** Throws a TypeError for an address that is no URL. */
  constructor(address: string, fetch: Fetch) {
    const url = new URL(address);
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    this.#headers = login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
    this.#base = withoutLogin(address);
    this.#fetch = fetch;
  }

  /** The text of a page. Rejects with an Error that says what was asked and what came. */
  async text(path: string, init: { readonly method?: string } = {}): Promise<string> {
    const response = await this.#fetch(`${this.#base}${path}`, {
      ...init,
      headers: this.#headers,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch((error: unknown) => {
      throw new Error(`${this.#base} does not answer (${reasonOf(error)})`, { cause: error });
    });
    const text = await response.text();
    if (response.ok || isAnswer(response)) return text;
    throw new Error(`${this.#base}${path} answers HTTP ${response.status}`);
  }

  /** The JSON of a page. */
  async json(path: string, init: { readonly method?: string } = {}): Promise<unknown> {
    const text = await this.text(path, init);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new Error(`${this.#base}${path} answers something else than JSON; is the address right?`);
    }
  }
}

/** An address to show and to call: no login, no slash at the end. Throws a TypeError when it is no URL. */
export function withoutLogin(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href.replace(/\/+$/, '');
}

/** Settles: a rejection becomes a reading without a value. */
export async function reading<T>(work: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, reason: messageOf(error) };
  }
}

/** An unhealthy exporter answers /health/fal with 503 and everything in it. */
function isAnswer(response: Response): boolean {
  return response.status === 503 && (response.headers.get('content-type') ?? '').includes('json');
}

/** What undici hides behind "fetch failed". */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code !== '') return code;
  return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : messageOf(error);
}
