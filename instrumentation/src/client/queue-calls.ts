import { classifyThrown } from '../errors/classify.ts';
import type { Attempt } from '../http/attempt.ts';
import type { OpenRequest } from '../request/open-request.ts';
import type { RequestSpan } from '../spans/request-spans.ts';
import type { FalTelemetry } from '../telemetry.ts';
import { failBy, fieldOf, inputOf } from './direct-calls.ts';
import { type ObservedCall, observeCall } from './observe-call.ts';
import type { Wrapper } from './patch.ts';
import { asFalStream, whenAborted } from './stream-call.ts';

/** The span of the submit of a job, for the link from the calls that come later. */
const submitSpans = new WeakMap<OpenRequest, RequestSpan>();

/** `queue.submit`: the beginning of a request, or of the rest of the `subscribe` that it belongs to. */
export function submit(telemetry: FalTelemetry): Wrapper {
  return (original) =>
    function (this: unknown, ...args: never[]): unknown {
      const [endpointId, options] = args as unknown[];
      const begin = (): ObservedCall | undefined => beginSubmit(telemetry, endpointId, options);
      return observeCall(telemetry, begin, () => Reflect.apply(original, this, args));
    };
}

function beginSubmit(
  telemetry: FalTelemetry,
  endpointId: unknown,
  options: unknown,
): ObservedCall | undefined {
  if (!telemetry.isEnabled) return undefined;
  const outer = telemetry.calls.get()?.request;
  const isPart = outer?.labels.operation === 'subscribe' && outer.takesUploads;
  const labels = isPart ? outer.labels : telemetry.labelsOf('submit', endpointId);
  const request = isPart ? outer : telemetry.desk.begin(labels, { isAttached: false });
  const span = isPart
    ? undefined
    : telemetry.startSpan({ labels, since: request.since, input: inputOf(options) });
  if (span !== undefined) submitSpans.set(request, span);
  return {
    request,
    span,
    resolved: (answer) => {
      request.submitted(answer);
      const { requestId } = request.life;
      if (requestId !== undefined) telemetry.desk.remember(requestId, request);
    },
    // The `subscribe` around it ends with the same error, and ends the request.
    rejected: isPart ? undefined : (error) => failBy(request, error, options),
  };
}

interface JobCall {
  /** With a span of its own, because it is a step that the app waits for. */
  readonly hasSpan?: boolean;
  readonly begun?: (request: OpenRequest) => void;
  readonly resolved: (request: OpenRequest, value: unknown, release: () => void) => void;
  /** Told of a request that no other call of the app spans. */
  readonly rejected?: (request: OpenRequest, error: unknown, attempt: Attempt | undefined) => void;
  readonly goesOn?: boolean;
}

/** A call about a job by its id: it belongs to the request that submitted it, wherever that was. */
function aboutJob(telemetry: FalTelemetry, told: JobCall): Wrapper {
  return (original) =>
    function (this: unknown, ...args: never[]): unknown {
      const [endpointId, options] = args as unknown[];
      return observeCall(
        telemetry,
        () => beginJobCall(telemetry, told, { endpointId, requestId: fieldOf(options, 'requestId') }),
        () => Reflect.apply(original, this, args),
      );
    };
}

function beginJobCall(
  telemetry: FalTelemetry,
  told: JobCall,
  { endpointId, requestId }: { readonly endpointId: unknown; readonly requestId: unknown },
): ObservedCall | undefined {
  if (!telemetry.isEnabled || typeof requestId !== 'string' || requestId === '') return undefined;
  const request = telemetry.desk.findOrAdopt(requestId, () => telemetry.labelsOf('result', endpointId));
  const link = submitSpans.get(request)?.spanContext;
  const hasSpan = told.hasSpan === true && !request.isAttached;
  const labels = { ...request.labels, operation: 'result' as const };
  const since = telemetry.clock.monotonic();
  told.begun?.(request);
  const call: ObservedCall = {
    request,
    span: hasSpan ? telemetry.startSpan({ labels, since, link }) : undefined,
    resolved: (value) => told.resolved(request, value, () => (request.watchers -= 1)),
    rejected: (error) => {
      if (!request.isAttached) told.rejected?.(request, error, call.lastAttempt ?? request.lastAttempt);
    },
    goesOn: told.goesOn,
  };
  return call;
}

const suspect: JobCall['rejected'] = (request, error, attempt) => request.suspect(error, attempt);

export const status = (telemetry: FalTelemetry): Wrapper =>
  aboutJob(telemetry, { resolved: (request, answer) => request.sawStatus(answer), rejected: suspect });

/** `queue.result`: the end of a detached request, and the last step of an attached one. */
export const result = (telemetry: FalTelemetry): Wrapper =>
  aboutJob(telemetry, {
    hasSpan: true,
    begun: (request) => request.saw('result_requested'),
    resolved: (request, value) => {
      if (!request.isAttached) request.finish(fieldOf(value, 'data'));
    },
    rejected: suspect,
  });

/** `queue.cancel`: accepted is the end of a detached request; the job may work on, and be billed. */
export const cancel = (telemetry: FalTelemetry): Wrapper =>
  aboutJob(telemetry, {
    resolved: (request) => {
      if (!request.isAttached) request.cancel();
    },
  });

/** `queue.subscribeToStatus`: who stops waiting has given up, other failures may be asked about again. */
export const subscribeToStatus = (telemetry: FalTelemetry): Wrapper =>
  aboutJob(telemetry, {
    resolved: (request, answer) => request.sawStatus(answer),
    rejected: (request, error, attempt) => {
      const failure = classifyThrown(error, attempt);
      if (failure.errorType === 'client_timeout') request.failAs(failure);
      else request.suspect(error, attempt);
    },
  });

/** `queue.streamStatus`: each event is an answer about where the job stands. */
export const streamStatus = (telemetry: FalTelemetry): Wrapper =>
  aboutJob(telemetry, {
    goesOn: true,
    resolved: (request, value, release) => {
      const stream = asFalStream(value);
      if (stream === undefined) {
        release();
        return;
      }
      const once = releaseOnce(release);
      // After an error the client reads on, but whoever waited for the stream was told that it failed.
      let isHeard = true;
      stream.on('data', (answer) =>
        telemetry.fence.try('reading a status event', () => request.sawStatus(answer, isHeard)),
      );
      stream.on('done', once);
      stream.on('error', (error) => {
        isHeard = false;
        telemetry.fence.try('taking the end of a status stream', () => {
          if (!request.isAttached) request.suspect(error);
        });
        once();
      });
      whenAborted(stream.signal, once);
    },
    rejected: suspect,
  });

function releaseOnce(release: () => void): () => void {
  let isReleased = false;
  return () => {
    if (!isReleased) release();
    isReleased = true;
  };
}
