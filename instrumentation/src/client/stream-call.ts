import type { FalTelemetry } from '../telemetry.ts';
import { beginAttached, fieldOf } from './direct-calls.ts';
import { type ObservedCall, observeCall, release } from './observe-call.ts';
import type { Wrapper } from './patch.ts';

/** The part of the client's `FalStream` that we use. */
export interface FalStreamLike {
  on(type: 'data' | 'error' | 'done', listener: (event: unknown) => void): void;
  readonly signal?: AbortSignal | undefined;
}

/** A value as a stream of the client, or undefined when it is none. */
export function asFalStream(value: unknown): FalStreamLike | undefined {
  return typeof fieldOf(value, 'on') === 'function' ? (value as FalStreamLike) : undefined;
}

/** Calls back once when the signal aborts; at once when it has, because it tells only those who listened before. */
export function whenAborted(signal: AbortSignal | undefined, then: () => void): void {
  if (signal?.aborted === true) then();
  else signal?.addEventListener('abort', then, { once: true });
}

/**
 * `stream`: its promise resolves before fal has answered, so the request ends with the stream. We only listen: the
 * iterator, the buffer and the promise of `done()` stay untouched, because whether anybody handles its rejection is
 * the app's affair.
 */
export function stream(telemetry: FalTelemetry): Wrapper {
  return (original) =>
    function (this: unknown, ...args: never[]): unknown {
      const [endpointId, options] = args as unknown[];
      const begin = (): ObservedCall | undefined => {
        const call = beginAttached(telemetry, 'stream', endpointId, options);
        if (call === undefined) return undefined;
        return { ...call, goesOn: true, resolved: (value) => watchStream(telemetry, call, value, options) };
      };
      return observeCall(telemetry, begin, () => Reflect.apply(original, this, args));
    };
}

function watchStream(telemetry: FalTelemetry, call: ObservedCall, value: unknown, options: unknown): void {
  const { request } = call;
  const falStream = asFalStream(value);
  let last: unknown;
  let isOver = false;
  const over = (end: () => void, error?: unknown): void => {
    if (isOver) return;
    isOver = true;
    telemetry.fence.try('taking the end of a stream', end);
    telemetry.fence.try('leaving a call', () =>
      release(call, error === undefined ? { output: last } : { error }),
    );
  };
  if (falStream === undefined) {
    over(() => request.finish());
    return;
  }
  falStream.on('data', (event) => {
    last = event;
    telemetry.fence.try('taking a piece of a stream', () => request.saw('first_chunk'));
  });
  falStream.on('error', (error) => over(() => request.fail(error), error));
  falStream.on('done', () => over(() => request.finish()));
  const { signal } = falStream;
  // The client emits nothing when a stream is aborted.
  whenAborted(signal, () => {
    const reason = reasonOf(options) ?? fieldOf(signal, 'reason');
    over(() => request.abort(reason), reason);
  });
  // It failed while it was made, before anybody could listen.
  if (fieldOf(falStream, 'streamClosed') === true) {
    const error = new Error('the stream was closed before it was handed out');
    over(() => request.fail(error), error);
  }
}

/** Why the app aborted; the client does not hand the reason of the app's own signal on. */
function reasonOf(options: unknown): unknown {
  const signal = fieldOf(options, 'signal') ?? fieldOf(options, 'abortSignal');
  return fieldOf(signal, 'aborted') === true ? fieldOf(signal, 'reason') : undefined;
}
