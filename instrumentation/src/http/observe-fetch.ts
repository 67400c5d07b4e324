import { networkCodeOf } from '../errors/classify.ts';
import { type Attempt, type AttemptStep, attemptStepOf } from './attempt.ts';

export type Fetch = typeof fetch;

export interface ObserveFetchOptions {
  /** Monotonic clock in seconds. */
  readonly monotonic: () => number;
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Called as the exchange begins, in the caller's own context; what it returns is told how it ended. */
  readonly onStart?: ((step: AttemptStep, url: URL) => ((attempt: Attempt) => void) | undefined) | undefined;
}

/**
 * Wraps a fetch so that every HTTP exchange is reported once its headers are there or it failed. The caller
 * gets the very promise that the inner fetch returned; the body is never touched; nothing that an observer
 * throws reaches the caller.
 */
export function observeFetch(inner: Fetch, options: ObserveFetchOptions): Fetch {
  return function observedFetch(input, init) {
    const exchange = begun(input, init, options);
    const promise = inner(input, init);
    if (exchange === undefined || !(promise instanceof Promise)) return promise;
    promise.then(
      (response) => report(exchange, () => fromHeaders(response)),
      (error: unknown) => report(exchange, () => ({ networkCode: failureCode(error) })),
    );
    return promise;
  };
}

type AttemptBase = Pick<Attempt, 'step' | 'host' | 'startedAt' | 'endedAt'>;

interface Exchange {
  readonly step: AttemptStep;
  readonly host: string;
  readonly startedAt: number;
  readonly options: ObserveFetchOptions;
  readonly ended: ((attempt: Attempt) => void) | undefined;
}

function begun(
  input: Parameters<Fetch>[0],
  init: Parameters<Fetch>[1],
  options: ObserveFetchOptions,
): Exchange | undefined {
  try {
    const isRequest = typeof input === 'object' && 'method' in input;
    const url = new URL(isRequest ? input.url : String(input));
    const step = attemptStepOf(init?.method ?? (isRequest ? input.method : 'GET'), url);
    const ended = options.onStart?.(step, url);
    return { step, host: url.host, startedAt: options.monotonic(), options, ended };
  } catch {
    // Telemetry must not change what the caller gets; fetch itself will refuse what is no URL.
    return undefined;
  }
}

function report(exchange: Exchange, answer: () => Omit<Attempt, keyof AttemptBase>): void {
  try {
    const { step, host, startedAt, options, ended } = exchange;
    const attempt = { step, host, startedAt, endedAt: options.monotonic(), ...answer() };
    ended?.(attempt);
    options.onAttempt?.(attempt);
  } catch {
    // As above.
  }
}

function fromHeaders(response: Response): Omit<Attempt, keyof AttemptBase> {
  const { headers } = response;
  const header = (name: string): string | undefined => headers.get(name) ?? undefined;
  return {
    status: response.status,
    requestId: header('x-fal-request-id'),
    billableUnits: header('x-fal-billable-units'),
    errorType: header('x-fal-error-type'),
    timeoutType: header('x-fal-request-timeout-type'),
    servedFrom: header('x-fal-served-from'),
    contentType: header('content-type'),
  };
}

function failureCode(error: unknown): string {
  const isAbort = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
  return isAbort ? 'aborted' : (networkCodeOf(error) ?? 'unknown');
}
