import type { Attempt } from '../http/attempt.ts';
import { type ErrorType, type Fault, type Outcome, faultOf, isErrorType, outcomeOf } from './error-type.ts';
import { type LockReason, lockReasonOf } from './lock-reason.ts';

/** What a failed request comes down to. */
export interface Classification {
  readonly errorType: ErrorType;
  readonly fault: Fault;
  readonly outcome: Exclude<Outcome, 'ok'>;
  /** Network error code such as ECONNRESET: for spans and people, never a metric label. */
  readonly networkCode?: string | undefined;
  /** Only with `account_locked`. */
  readonly lockReason?: LockReason | undefined;
}

/** A failed HTTP answer, as far as it was read. */
export interface HttpFailure {
  readonly status: number;
  /** Parsed JSON, or undefined when the body was no JSON. */
  readonly body?: unknown;
  /** Header `X-Fal-Error-Type`. */
  readonly errorTypeHeader?: string | undefined;
  /** Header `X-Fal-Request-Timeout-Type`. */
  readonly timeoutTypeHeader?: string | undefined;
  /** Header `x-fal-request-id`: an ingress error has none. */
  readonly requestId?: string | undefined;
}

/**
 * Classifies an answer with an error status, or the failure that a COMPLETED status reports.
 *
 * Precedence: the error-type header, `error_type` of the body, the first `detail[].type` (an unknown one is a
 * pydantic type, so `validation_error`), the Platform API's envelope, a lock text, an ingress page without a
 * fal request id, then the bare status. Messages are never parsed, except the lock text, which has no type.
 */
export function classifyHttpFailure(failure: HttpFailure): Classification {
  const detail = field(failure.body, 'detail');
  const lockReason = failure.status === 403 ? lockReasonOf(detail) : undefined;
  const errorType = withStartDeadline(typedError(failure) ?? untypedError(failure, lockReason), failure);
  return lockReason !== undefined && errorType === 'account_locked'
    ? { ...traits(errorType), lockReason }
    : traits(errorType);
}

/** What fal or the model said by name, in order of precedence. */
function typedError(failure: HttpFailure): ErrorType | undefined {
  for (const name of [failure.errorTypeHeader, field(failure.body, 'error_type')]) {
    if (typeof name === 'string' && name !== '') return isErrorType(name) ? name : '_OTHER';
  }
  const detail = field(failure.body, 'detail');
  if (Array.isArray(detail) && detail.length > 0) {
    const type: unknown = field(detail[0], 'type');
    if (typeof type === 'string') return isErrorType(type) ? type : 'validation_error';
  }
  const platform: unknown = field(field(failure.body, 'error'), 'type');
  if (typeof platform === 'string') {
    const name = `platform.${platform}`;
    return isErrorType(name) ? name : '_OTHER';
  }
  return undefined;
}

function untypedError(failure: HttpFailure, lockReason: LockReason | undefined): ErrorType {
  const { status } = failure;
  if (status === 401) return 'unauthorized';
  if (status === 403) return lockReason === undefined ? 'forbidden' : 'account_locked';
  if (status === 404) return 'not_found';
  if (status === 499) return 'client_cancelled';
  const hasRequestId = failure.requestId !== undefined && failure.requestId !== '';
  if (status >= 502 && status <= 504 && !hasRequestId) return 'ingress_error';
  return isErrorType(String(status)) ? (String(status) as ErrorType) : '_OTHER';
}

/** The same `startup_timeout` is nobody's fault but the caller's when the caller's own start deadline ran out. */
function withStartDeadline(type: ErrorType, failure: HttpFailure): ErrorType {
  const isUserDeadline = failure.timeoutTypeHeader?.toLowerCase() === 'user';
  const isStartTimeout = type === 'startup_timeout' || type === 'request_timeout' || type === '504';
  return isUserDeadline && (isStartTimeout || type === 'ingress_error') ? 'start_deadline_exceeded' : type;
}

const TIMEOUT_CODES = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** What the fetch of Node.js and of browsers says of a connection that failed. */
const NETWORK_MESSAGE = /fetch failed|terminated|network/i;

/**
 * Classifies whatever a client call rejected with. `lastAttempt` is the last HTTP exchange seen under it: it
 * holds the headers that the client throws away.
 *
 * A `TimeoutError` (of `AbortSignal.timeout`, or of a deadline of ours) counts as `client_timeout`, not as a
 * cancellation: the caller wanted the result and did not get it, and a hang must not vanish from every ratio.
 */
export function classifyThrown(error: unknown, lastAttempt?: Attempt): Classification {
  const names = causeChain(error).map((cause) => field(cause, 'name'));
  if (names.includes('TimeoutError') || isClientTimeout(error)) return traits('client_timeout');
  if (names.includes('AbortError')) return traits('aborted');
  const networkCode = networkCodeOf(error);
  if (networkCode !== undefined) return networkFailure(networkCode);
  if (error instanceof SyntaxError) return traits('invalid_json');
  const status = field(error, 'status');
  if (typeof status === 'number') {
    return (
      madeUpByStream(error, status, lastAttempt) ??
      classifyHttpFailure(httpFailureOf(error, status, lastAttempt))
    );
  }
  // The client reads a property of a JSON `null` body: the status is lost, the body was no object.
  if (error instanceof TypeError) return traits(lastAttempt === undefined ? 'client_error' : 'invalid_json');
  return traits('_OTHER');
}

/**
 * Whatever breaks a stream and is no answer of fal, the client hands on as an `ApiError` of status 500 without a
 * body: a connection that failed must not read as a failure of the platform. The exchange itself tells the two apart.
 */
function madeUpByStream(
  error: unknown,
  status: number,
  lastAttempt: Attempt | undefined,
): Classification | undefined {
  if (status !== 500 || field(error, 'body') !== undefined || lastAttempt?.status === 500) return undefined;
  const networkCode = lastAttempt?.networkCode;
  if (networkCode !== undefined && networkCode !== 'aborted') return networkFailure(networkCode);
  if (error instanceof Error && NETWORK_MESSAGE.test(error.message)) return networkFailure('unknown');
  return lastAttempt === undefined ? undefined : traits('invalid_json');
}

function networkFailure(networkCode: string): Classification {
  const outcome = TIMEOUT_CODES.has(networkCode) ? 'timeout' : 'error';
  return { ...traits('network_error'), outcome, networkCode };
}

function httpFailureOf(error: unknown, status: number, lastAttempt: Attempt | undefined): HttpFailure {
  const text = (name: string): string | undefined => {
    const value = field(error, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    status,
    body: field(error, 'body'),
    requestId: text('requestId') ?? lastAttempt?.requestId,
    timeoutTypeHeader: text('timeoutType') ?? lastAttempt?.timeoutType,
    errorTypeHeader: lastAttempt?.status === status ? lastAttempt.errorType : undefined,
  };
}

/** The code of a transport failure, or undefined when the error is something else. */
export function networkCodeOf(error: unknown): string | undefined {
  for (const cause of causeChain(error)) {
    const code = field(cause, 'code');
    if (
      typeof code === 'string' &&
      /^(E[A-Z]+|EAI_[A-Z]+|UND_ERR_[A-Z_]+|CERT_[A-Z_]+|ERR_TLS_[A-Z_]+|ERR_SSL_[A-Z_]+|[A-Z_]*CERT[A-Z_]*)$/.test(
        code,
      )
    )
      return code;
  }
  const isFetchFailure = error instanceof TypeError && NETWORK_MESSAGE.test(error.message);
  return isFetchFailure ? 'unknown' : undefined;
}

/** `subscribe({timeout})` rejects with a plain Error that only its message tells apart. */
function isClientTimeout(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Client timed out waiting');
}

function causeChain(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let cause = error; cause instanceof Object && !chain.includes(cause); cause = field(cause, 'cause')) {
    chain.push(cause);
  }
  return chain;
}

function traits(errorType: ErrorType): Classification {
  return { errorType, fault: faultOf(errorType), outcome: outcomeOf(errorType) };
}

/** A property of anything, without throwing: remote bodies may be null, text, or worse. */
function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return (value as Readonly<Record<string, unknown>>)[name];
  } catch {
    return undefined;
  }
}
