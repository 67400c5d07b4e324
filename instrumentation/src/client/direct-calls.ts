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
        () => beginAttached(telemetry, operation, endpointId, inputOf(options)),
        () => Reflect.apply(original, this, args),
      );
    };
}

/** `storage.upload`: a part of the request whose input the file is, else a request of its own. */
export function upload(telemetry: FalTelemetry): Wrapper {
  return (original) =>
    function (this: unknown, ...args: never[]): unknown {
      const invoke = (): unknown => Reflect.apply(original, this, args);
      const outer = telemetry.isEnabled ? telemetry.calls.get()?.request : undefined;
      if (outer?.takesUploads === true) return observeCall(telemetry, () => partOf(outer), invoke);
      return observeCall(telemetry, () => beginAttached(telemetry, 'upload', 'storage'), invoke);
    };
}

function partOf(request: OpenRequest): ObservedCall {
  request.saw('upload_started');
  const ended = (): void => request.saw('upload_ended');
  return { request, resolved: ended, rejected: ended };
}

/** Begins a request that ends as the call ends; undefined while the instrumentation is switched off. */
export function beginAttached(
  telemetry: FalTelemetry,
  operation: Operation,
  endpointId: unknown,
  input?: unknown,
): ObservedCall | undefined {
  if (!telemetry.isEnabled) return undefined;
  const labels = telemetry.labelsOf(operation, endpointId);
  const request = telemetry.desk.begin(labels, { isAttached: true });
  return {
    request,
    span: telemetry.spans.start({ labels, input }),
    resolved: (value) => request.finish(fieldOf(value, 'data')),
    rejected: (error) => request.fail(error),
  };
}

/** What the app asks the model for, if anything. */
export function inputOf(options: unknown): unknown {
  return fieldOf(options, 'input');
}

/** A property of anything, without throwing. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
