import { networkCodeOf } from '../errors/classify.ts';
import { type Attempt, type AttemptStep, type Target, attemptStepOf, targetOf } from './attempt.ts';

export type Fetch = typeof fetch;

export interface ObserveFetchOptions {
  /** Monotonic clock in seconds. */
  readonly monotonic: () => number;
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Called as the exchange begins, in the caller's own context; what it returns is told how it ended. */
  readonly onStart?:
    ((step: AttemptStep, target: Target) => ((attempt: Attempt) => void) | undefined) | undefined;
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
      (response) => report(exchange, response),
      (error: unknown) => report(exchange, undefined, error),
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
    const { step, target } = exchangeOf(input, init);
    const ended = options.onStart?.(step, target);
    return { step, host: target.host, startedAt: options.monotonic(), options, ended };
  } catch {
    // Telemetry must not change what the caller gets; fetch itself will refuse what is no URL.
    return undefined;
  }
}

interface Kind {
  readonly step: AttemptStep;
  readonly target: Target;
}

/** What was asked for before, by method and URL: an app calls the same few models over and over. */
const seen = new Map<string, Kind>();
const MOST_SEEN = 200;

function exchangeOf(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): Kind {
  const method = init?.method ?? (typeof input === 'object' && 'method' in input ? input.method : 'GET');
  if (typeof input !== 'string') return kindOf(method, input);
  const key = `${method} ${input}`;
  const known = seen.get(key);
  if (known !== undefined) return known;
  const kind = kindOf(method, input);
  // What belongs to one job is not asked for by the next; a query may hold the input, which is nobody's to keep.
  const isRepeated = (kind.step === 'run' || kind.step === 'submit') && !input.includes('?');
  if (isRepeated && seen.size < MOST_SEEN) seen.set(key, kind);
  return kind;
}

function kindOf(method: string, input: Parameters<Fetch>[0]): Kind {
  const target = targetOf(input);
  return { target, step: attemptStepOf(method, target) };
}

function report(exchange: Exchange, answer: Response | undefined, error?: unknown): void {
  try {
    const { step, host, startedAt, options, ended } = exchange;
    const endedAt = options.monotonic();
    const attempt =
      answer === undefined
        ? { step, host, startedAt, endedAt, networkCode: failureCode(error) }
        : new AnsweredAttempt({ step, host, startedAt, endedAt }, answer);
    ended?.(attempt);
    options.onAttempt?.(attempt);
  } catch {
    // As above.
  }
}

/** Reads a header when it is asked for: most of them are of interest in few answers only. */
class AnsweredAttempt implements Attempt {
  readonly step: AttemptStep;
  readonly host: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly #headers: Headers;

  constructor({ step, host, startedAt, endedAt }: AttemptBase, { status, headers }: Response) {
    this.step = step;
    this.host = host;
    this.startedAt = startedAt;
    this.endedAt = endedAt;
    this.status = status;
    this.#headers = headers;
  }

  get requestId(): string | undefined {
    return this.#header('x-fal-request-id');
  }

  get billableUnits(): string | undefined {
    return this.#header('x-fal-billable-units');
  }

  get errorType(): string | undefined {
    return this.#header('x-fal-error-type');
  }

  get timeoutType(): string | undefined {
    return this.#header('x-fal-request-timeout-type');
  }

  get servedFrom(): string | undefined {
    return this.#header('x-fal-served-from');
  }

  get contentType(): string | undefined {
    return this.#header('content-type');
  }

  #header(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined;
  }
}

function failureCode(error: unknown): string {
  const isAbort = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
  return isAbort ? 'aborted' : (networkCodeOf(error) ?? 'unknown');
}
