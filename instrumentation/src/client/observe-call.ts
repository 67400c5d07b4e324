import { context } from '@opentelemetry/api';
import type { RequestSpan } from '../spans/request-spans.ts';
import type { CallContext, FalTelemetry } from '../telemetry.ts';

/** One call of the app about one request. */
export interface ObservedCall extends CallContext {
  readonly span?: RequestSpan | undefined;
  /** Told how the call ended, before its caller is. */
  readonly resolved?: ((value: unknown) => void) | undefined;
  readonly rejected?: ((error: unknown) => void) | undefined;
  /** True when a resolved call is not over yet: it gave its caller a stream. */
  readonly goesOn?: boolean | undefined;
}

/**
 * Makes a call of the client and watches it. `begin` says whose request it is; when it finds none, or fails, the call
 * is made as if we were not there.
 *
 * The caller gets a promise that settles with the same value or the same error object. It is a promise derived from
 * the client's, because a reaction on the side would mark the client's as handled, and a rejection that nobody
 * handles would go unnoticed.
 */
export function observeCall<T>(
  telemetry: FalTelemetry,
  begin: () => ObservedCall | undefined,
  invoke: () => T,
): T {
  let call: ObservedCall | undefined;
  try {
    call = begin();
  } catch (error) {
    telemetry.fence.failed('watching the beginning of a call', error);
  }
  if (call === undefined) return invoke();
  return watched(telemetry, call, invoke);
}

function watched<T>(telemetry: FalTelemetry, call: ObservedCall, invoke: () => T): T {
  const { request, span } = call;
  request.watchers += 1;
  const inside = span === undefined ? invoke : (): T => context.with(span.context, invoke);
  let outcome: T;
  try {
    outcome = telemetry.calls.run(call, inside);
  } catch (error) {
    failed(telemetry, call, error);
    throw error;
  }
  if (!(outcome instanceof Promise)) {
    succeeded(telemetry, call, outcome);
    return outcome;
  }
  const promise: Promise<unknown> = outcome;
  return promise.then(
    (value) => {
      succeeded(telemetry, call, value);
      return value;
    },
    (error: unknown) => {
      failed(telemetry, call, error);
      throw error;
    },
  ) as T;
}

/** The call is over, and what it waited for with it or without it. */
export function release(
  { request, span }: ObservedCall,
  end: { error?: unknown; output?: unknown } = {},
): void {
  request.watchers -= 1;
  span?.end(request, { ...end, isWhole: request.hasEnded });
}

function succeeded(telemetry: FalTelemetry, call: ObservedCall, value: unknown): void {
  try {
    call.resolved?.(value);
  } catch (error) {
    telemetry.fence.failed('taking the end of a call', error);
  }
  if (call.goesOn !== true) leave(telemetry, call, { output: value });
}

function failed(telemetry: FalTelemetry, call: ObservedCall, thrown: unknown): void {
  try {
    call.rejected?.(thrown);
  } catch (error) {
    telemetry.fence.failed('taking the end of a failed call', error);
  }
  leave(telemetry, call, { error: thrown });
}

function leave(
  telemetry: FalTelemetry,
  call: ObservedCall,
  end: { error?: unknown; output?: unknown },
): void {
  try {
    release(call, end);
  } catch (error) {
    telemetry.fence.failed('leaving a call', error);
  }
}
