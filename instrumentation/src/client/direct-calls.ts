import type { OpenRequest } from '../request/open-request.ts';
import type { Operation } from '../request/operation.ts';
import type { FalTelemetry } from '../telemetry.ts';
import { type ObservedCall, observeCall } from './observe-call.ts';
import type { Wrapper } from './patch.ts';

/** `run` and `subscribe`: one call is one request from its first byte to its last. */
export function wholeRequest(telemetry: FalTelemetry, operation: 'run' | 'subscribe'): Wrapper {
  return (original) =>
    function (this: unknown, ...args: never[]): unknown {
      const [endpointId, options] = args as unknown[];
      return observeCall(
        telemetry,
        () => beginAttached(telemetry, operation, endpointId, options),
        () => Reflect.apply(original, this, args),
      );
    };
}

/** `storage.upload`: a part of the request whose input the file is, else a request of its own. */
export function upload(telemetry: FalTelemetry): Wrapper {
  return (original) =>
    function (this: unknown, ...args: never[]): unknown {
      const begin = (): ObservedCall | undefined => {
        const outer = telemetry.isEnabled ? telemetry.calls.get()?.request : undefined;
        return outer?.takesUploads === true ? partOf(outer) : beginAttached(telemetry, 'upload', 'storage');
      };
      return observeCall(telemetry, begin, () => Reflect.apply(original, this, args));
    };
}

function partOf(request: OpenRequest): ObservedCall {
  request.saw('upload_started');
  const ended = (): void => request.saw('upload_ended');
  return { request, resolved: ended, rejected: ended };
}

/**
 * Begins a request that ends as the call ends; undefined while the instrumentation is switched off.
 *
 * @param options what the app gave to the call.
 */
export function beginAttached(
  telemetry: FalTelemetry,
  operation: Operation,
  endpointId: unknown,
  options?: unknown,
): ObservedCall | undefined {
  if (!telemetry.isEnabled) return undefined;
  const labels = telemetry.labelsOf(operation, endpointId);
  const request = telemetry.desk.begin(labels, { isAttached: true });
  return {
    request,
    span: telemetry.startSpan({ labels, since: request.since, input: inputOf(options) }),
    resolved: (value) => request.finish(fieldOf(value, 'data')),
    rejected: (error) => failBy(request, error, options),
  };
}

/** What the app asks the model for, looked at only where it may be recorded: it may be a getter of the app. */
export function inputOf(options: unknown): () => unknown {
  return () => fieldOf(options, 'input');
}

/** The call was refused with this: maybe with whatever reason the app gave when it aborted the call. */
export function failBy(request: OpenRequest, error: unknown, options: unknown): void {
  const signal = fieldOf(options, 'abortSignal');
  if (fieldOf(signal, 'aborted') === true && fieldOf(signal, 'reason') === error) request.abort(error);
  else request.fail(error);
}

/** A property of anything, without throwing. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
