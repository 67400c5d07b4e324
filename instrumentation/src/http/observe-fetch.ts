import { networkCodeOf } from '../errors/classify.ts';
import { type Attempt, attemptStepOf } from './attempt.ts';

export type Fetch = typeof fetch;

export interface ObserveFetchOptions {
  /** Monotonic clock in seconds. */
  readonly monotonic: () => number;
  readonly onAttempt: (attempt: Attempt) => void;
}

/**
 * Wraps a fetch so that every HTTP exchange is reported once its headers are there or it failed. The caller
 * gets the very promise that the inner fetch returned; the body is never touched; nothing thrown by
 * `onAttempt` reaches the caller.
 */
export function observeFetch(inner: Fetch, options: ObserveFetchOptions): Fetch {
  return function observedFetch(input, init) {
    const startedAt = options.monotonic();
    const exchange = { input, init, startedAt };
    const promise = inner(input, init);
    promise.then(
      (response) => report(options, exchange, (base) => ({ ...base, ...fromHeaders(response) })),
      (error: unknown) => report(options, exchange, (base) => ({ ...base, networkCode: failureCode(error) })),
    );
    return promise;
  };
}

interface Exchange {
  readonly input: Parameters<Fetch>[0];
  readonly init: Parameters<Fetch>[1];
  readonly startedAt: number;
}

type AttemptBase = Pick<Attempt, 'step' | 'host' | 'startedAt' | 'endedAt'>;

function report(
  options: ObserveFetchOptions,
  exchange: Exchange,
  complete: (base: AttemptBase) => Attempt,
): void {
  try {
    const { input, init, startedAt } = exchange;
    const isRequest = typeof input === 'object' && 'method' in input;
    const url = new URL(isRequest ? input.url : String(input));
    const method = init?.method ?? (isRequest ? input.method : 'GET');
    const base = {
      step: attemptStepOf(method, url),
      host: url.host,
      startedAt,
      endedAt: options.monotonic(),
    };
    options.onAttempt(complete(base));
  } catch {
    // Telemetry must not change what the caller gets.
  }
}

function fromHeaders(response: Response): Omit<Attempt, keyof AttemptBase> {
  const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
  return {
    status: response.status,
    requestId: header('x-fal-request-id'),
    billableUnits: header('x-fal-billable-units'),
    errorType: header('x-fal-error-type'),
    timeoutType: header('x-fal-request-timeout-type'),
    servedFrom: header('x-fal-served-from'),
  };
}

function failureCode(error: unknown): string {
  const isAbort = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
  return isAbort ? 'aborted' : (networkCodeOf(error) ?? 'unknown');
}
