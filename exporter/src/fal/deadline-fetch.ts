import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from '../domain/clock.ts';

export interface DeadlineFetchOptions {
  readonly clock: Clock;
  /** For one exchange: connect, headers and the whole body. */
  readonly timeoutMs: number;
  /** A larger body is refused; nothing that a probe asks for comes near it. */
  readonly maxBodyBytes: number;
}

/** fal sent more than any answer of its API may be. */
export class OversizedBodyError extends Error {
  override readonly name = 'OversizedBodyError';
}

/**
 * A fetch whose every exchange ends: the client has no deadline of its own on a single request, so a hang
 * before the headers, in mid-body or at one byte a second would hold a probe for ever. The body is read here,
 * within the same deadline, and handed on whole. Redirects are not followed: the key stays with its host.
 */
export function deadlineFetch(inner: Fetch, options: DeadlineFetchOptions): Fetch {
  return async function fetchWithDeadline(input, init) {
    const deadline = new AbortController();
    const seconds = options.timeoutMs / 1000;
    const cancel = options.clock.after(options.timeoutMs, () => {
      deadline.abort(new DOMException(`no complete answer within ${seconds} s`, 'TimeoutError'));
    });
    const outer = init?.signal;
    const signal = outer ? AbortSignal.any([outer, deadline.signal]) : deadline.signal;
    try {
      return await untilAborted(
        signal,
        answer(inner(input, { ...init, signal, redirect: 'manual' }), options.maxBodyBytes),
      );
    } finally {
      cancel();
    }
  };
}

async function answer(pending: Promise<Response>, maxBodyBytes: number): Promise<Response> {
  const response = await pending;
  const body = await readWhole(response, maxBodyBytes);
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
}

async function readWhole(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | Uint8Array[] = response.body ?? [];
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new OversizedBodyError(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** Settles like `promise`, or rejects with the signal's reason as soon as it aborts, whatever `promise` does. */
export function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
