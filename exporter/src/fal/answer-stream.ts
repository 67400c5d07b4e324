import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from '../domain/clock.ts';
import { OversizedBodyError, untilAborted } from './deadline-fetch.ts';

export interface AnswerStreamOptions {
  readonly clock: Clock;
  /** Of the caller, who may give up at any time. */
  readonly signal: AbortSignal;
  /** For the whole exchange, up to the last byte. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/**
 * One exchange whose body is read piece by piece, for answers too large to be held whole. It always ends: by its
 * deadline, when the caller gives up, or by `close`, which must be called. Redirects are not followed: the key
 * stays with its host.
 */
export class AnswerStream {
  readonly #fetch: Fetch;
  readonly #maxBodyBytes: number;
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #cancelDeadline: () => void;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(fetch: Fetch, { clock, signal, timeoutMs, maxBodyBytes }: AnswerStreamOptions) {
    this.#fetch = fetch;
    this.#maxBodyBytes = maxBodyBytes;
    this.#signal = AbortSignal.any([signal, this.#end.signal]);
    this.#cancelDeadline = clock.after(timeoutMs, () => {
      const seconds = timeoutMs / 1000;
      this.#end.abort(new DOMException(`no complete answer within ${seconds} s`, 'TimeoutError'));
    });
  }

  /** Sends the request and waits for the headers. */
  async open(url: URL, headers: Readonly<Record<string, string>>): Promise<Response> {
    const init = { headers, signal: this.#signal, redirect: 'manual' } as const;
    const response = await untilAborted(this.#signal, this.#fetch(url, init));
    this.#reader = response.body?.getReader();
    return response;
  }

  /** The body, as it arrives. Throws an OversizedBodyError for more bytes than are allowed. */
  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    let size = 0;
    for (;;) {
      const part = await this.#next();
      if (part === undefined) return;
      size += part.byteLength;
      if (size > this.#maxBodyBytes)
        throw new OversizedBodyError(`the answer is larger than ${this.#maxBodyBytes} bytes`);
      yield part;
    }
  }

  async #next(): Promise<Uint8Array | undefined> {
    // Also when the caller was away for long: what arrived meanwhile does not make a late answer a good one.
    this.#signal.throwIfAborted();
    if (this.#reader === undefined) return undefined;
    return (await untilAborted(this.#signal, this.#reader.read())).value;
  }

  /** Lets go of the connection, whatever state it is in. */
  close(): void {
    this.#cancelDeadline();
    this.#end.abort(new DOMException('nobody reads on', 'AbortError'));
    this.#reader?.cancel().catch(() => undefined);
  }
}
