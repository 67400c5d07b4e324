import { ApiError, ValidationError } from '@fal-ai/client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../http/attempt.ts';
import { classifyHttpFailure, classifyThrown } from './classify.ts';
import { ERROR_TYPES, type ErrorType, isErrorType, isFailure } from './error-type.ts';
import { lockReasonOf } from './lock-reason.ts';

const detail = (type: string): unknown => ({ detail: [{ loc: ['body', 'prompt'], msg: 'm', type }] });

describe('classifying an answer', () => {
  it.each<[string, Parameters<typeof classifyHttpFailure>[0], ErrorType]>([
    [
      'the header before the body',
      { status: 503, errorTypeHeader: 'runner_disconnected', body: { error_type: 'internal_error' } },
      'runner_disconnected',
    ],
    [
      'the type in the body',
      { status: 504, body: { detail: 'x', error_type: 'request_timeout' } },
      'request_timeout',
    ],
    [
      'the first detail when it is known',
      { status: 422, body: detail('content_policy_violation') },
      'content_policy_violation',
    ],
    [
      'any other pydantic type as a validation error',
      { status: 422, body: detail('value_error.missing') },
      'validation_error',
    ],
    [
      'the envelope of the Platform API',
      { status: 429, body: { error: { type: 'rate_limited', message: 'x' } } },
      'platform.rate_limited',
    ],
    [
      'a lock by its text',
      { status: 403, body: { detail: 'User is locked. Reason: TOP_UP.' } },
      'account_locked',
    ],
    ['any other 403 as forbidden', { status: 403, body: { detail: 'Forbidden' } }, 'forbidden'],
    ['a bad key', { status: 401, body: { detail: 'No user found for Key ID and Secret' } }, 'unauthorized'],
    ['an unknown request', { status: 404, body: { status: 'NOT_FOUND' } }, 'not_found'],
    ['a gateway page without a fal request id', { status: 502 }, 'ingress_error'],
    ['a 502 that did reach fal', { status: 502, requestId: 'r', body: { detail: 'x' } }, '502'],
    ['an untyped status', { status: 429, requestId: 'r', body: { detail: 'x' } }, '429'],
    ['a status that nobody expects', { status: 418, body: null }, '_OTHER'],
    ['a type that nobody knows yet', { status: 500, body: { error_type: 'brand_new' } }, '_OTHER'],
    [
      'the start deadline of the caller',
      { status: 504, timeoutTypeHeader: 'user', body: { error_type: 'startup_timeout' } },
      'start_deadline_exceeded',
    ],
  ])('takes %s', (_name, failure, expected) => {
    expect(classifyHttpFailure(failure).errorType).toBe(expected);
  });

  it('names the reason of a lock, and none for a plain 403', () => {
    expect(
      classifyHttpFailure({
        status: 403,
        body: { detail: 'User is locked. Reason: Exhausted balance. Top up' },
      }).lockReason,
    ).toBe('exhausted_balance');
    expect(
      classifyHttpFailure({ status: 403, body: { detail: 'Access denied' } }).lockReason,
    ).toBeUndefined();
    expect(lockReasonOf('User is locked')).toBe('unknown');
    expect(lockReasonOf('User is locked. Reason: Unknown. Something new')).toBe('unknown');
    expect(lockReasonOf(['User is locked'])).toBeUndefined();
  });

  it('stays in the closed list for any body at all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 999 }),
        fc.anything(),
        fc.option(fc.string(), { nil: undefined }),
        (status, body, header) => {
          const result = classifyHttpFailure({ status, body, errorTypeHeader: header });
          expect(isErrorType(result.errorType)).toBe(true);
          expect(result).toMatchObject({
            fault: ERROR_TYPES[result.errorType as keyof typeof ERROR_TYPES].fault,
          });
        },
      ),
    );
  });
});

describe('classifying what a call threw', () => {
  const lastAttempt: Attempt = {
    step: 'result',
    host: 'queue.fal.run',
    startedAt: 0,
    endedAt: 1,
    status: 500,
  };
  const reset = new TypeError('fetch failed', {
    cause: Object.assign(new Error('read'), { code: 'ECONNRESET' }),
  });
  const apiError = new ApiError({ message: '', status: 500, body: { detail: 'x' }, requestId: 'r' });

  it.each<[string, unknown, Attempt | undefined, ErrorType]>([
    ['a reset connection', reset, undefined, 'network_error'],
    ['a fetch that failed without a code', new TypeError('fetch failed'), undefined, 'network_error'],
    ['an abort by the caller', new DOMException('x', 'AbortError'), undefined, 'aborted'],
    ['a deadline', new DOMException('x', 'TimeoutError'), undefined, 'client_timeout'],
    [
      'the time-out of subscribe',
      new Error('Client timed out waiting for the request to complete after 5ms'),
      undefined,
      'client_timeout',
    ],
    ['text where JSON was due', new SyntaxError('Unexpected token'), lastAttempt, 'invalid_json'],
    [
      'a null body',
      new TypeError("Cannot read properties of null (reading 'message')"),
      lastAttempt,
      'invalid_json',
    ],
    [
      'an ApiError with what only the header knew',
      apiError,
      { ...lastAttempt, errorType: 'runner_server_error' },
      'runner_server_error',
    ],
    [
      'an ApiError without a body',
      new ApiError({ message: '', status: 503, body: undefined }),
      undefined,
      'ingress_error',
    ],
    [
      'a ValidationError',
      new ValidationError({ message: '', status: 422, body: detail('image_too_small') }),
      undefined,
      'image_too_small',
    ],
    ['something that is no error', 'boom', undefined, '_OTHER'],
  ])('recognises %s', (_name, error, attempt, expected) => {
    expect(classifyThrown(error, attempt).errorType).toBe(expected);
  });

  it('keeps the code of a network error and calls a socket time-out a timeout', () => {
    expect(classifyThrown(reset)).toMatchObject({
      networkCode: 'ECONNRESET',
      outcome: 'error',
      fault: 'network',
    });
    const slow = new TypeError('fetch failed', {
      cause: Object.assign(new Error('x'), { code: 'UND_ERR_HEADERS_TIMEOUT' }),
    });
    expect(classifyThrown(slow)).toMatchObject({ outcome: 'timeout' });
  });

  it('never throws and stays in the closed list for anything thrown', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (thrown) => {
        expect(isErrorType(classifyThrown(thrown).errorType)).toBe(true);
      }),
    );
  });
});

describe('the closed list', () => {
  it('keeps what the application or the account caused out of the failures', () => {
    const failures = (Object.keys(ERROR_TYPES) as ErrorType[]).filter(isFailure);
    expect(failures).toContain('client_timeout');
    expect(failures).toContain('runner_disconnected');
    for (const type of [
      'content_policy_violation',
      'account_locked',
      '429',
      'aborted',
      'start_deadline_exceeded',
    ] as const) {
      expect(failures).not.toContain(type);
    }
  });

  it('refuses what it does not hold, prototype names included', () => {
    expect(isErrorType('toString')).toBe(false);
    expect(isErrorType('__proto__')).toBe(false);
    expect(isErrorType(429)).toBe(false);
  });
});
