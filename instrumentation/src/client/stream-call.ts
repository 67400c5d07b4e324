import type { FalTelemetry } from '../telemetry.ts';
import { beginAttached, fieldOf, inputOf } from './direct-calls.ts';
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
        const call = beginAttached(telemetry, 'stream', endpointId, inputOf(options));
        if (call === undefined) return undefined;
        const outer = fieldOf(options, 'signal') ?? fieldOf(options, 'abortSignal');
        return { ...call, goesOn: true, resolved: (value) => watchStream(telemetry, call, value, outer) };
      };
      return observeCall(telemetry, begin, () => Reflect.apply(original, this, args));
    };
}

function watchStream(telemetry: FalTelemetry, call: ObservedCall, value: unknown, outer: unknown): void {
  const { request } = call;
  const falStream = asFalStream(value);
  let last: unknown;
  let isOver = false;
  const over = (end: () => void, error?: unknown): void => {
    if (isOver) return;
    isOver = true;
    telemetry.fence.try('taking the end of a stream', () => {
      end();
      release(call, error === undefined ? { output: last } : { error });
    });
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
  signal?.addEventListener('abort', () => {
    const reason = reasonOf(outer) ?? reasonOf(signal);
    over(() => request.fail(reason), reason);
  });
}

/** Why a signal was aborted; the client does not hand the reason of the app's own signal on. */
function reasonOf(signal: unknown): unknown {
  return fieldOf(signal, 'aborted') === true ? fieldOf(signal, 'reason') : undefined;
}
