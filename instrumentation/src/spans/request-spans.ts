import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  type SpanContext,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  context,
  trace,
} from '@opentelemetry/api';
import type { TelemetryClock } from '../clock.ts';
import type { OpenRequest } from '../request/open-request.ts';
import type { RequestPart } from '../request/request-part.ts';
import type { RequestLabels } from '../request/operation.ts';
import { contentOf } from './content.ts';
import { TracerInForce } from './tracer-in-force.ts';

export interface RequestSpansOptions {
  /** Asked for each span, so that a provider that comes late is used. */
  readonly provider: () => TracerProvider;
  readonly clock: TelemetryClock;
  /** Whether inputs and outputs may be recorded. */
  readonly captureContent: boolean;
}

/** The span of one call of the app. */
export interface RequestSpan {
  /** What runs in it has the span as its parent. */
  readonly context: Context;
  /** For the link from a later call about the same job. */
  readonly spanContext: SpanContext;
  /** The call is over; `request` says what is known of the job by now. */
  end(request: OpenRequest, ended: CallEnd): void;
}

/** How a call ended for its caller. */
export interface CallEnd {
  /** The request is over as well, so that its parts are known. */
  readonly isWhole: boolean;
  readonly error?: unknown;
  readonly output?: unknown;
}

export interface SpanStart {
  readonly labels: RequestLabels;
  /** When the call began, in monotonic seconds: its parts began then or later. */
  readonly since: number;
  /** Asked only where inputs may be recorded. */
  readonly input?: (() => unknown) | undefined;
  /** The span that submitted the job, when another call did. */
  readonly link?: SpanContext | undefined;
}

/** Makes the spans of requests; where no tracing is set up it makes none, and costs next to nothing. */
export class RequestSpans {
  readonly #options: RequestSpansOptions;
  readonly #tracing = new TracerInForce();

  constructor(options: RequestSpansOptions) {
    this.#options = options;
  }

  /** Starts the span of a call, or returns undefined when nobody records it. */
  start({ labels, since, input, link }: SpanStart): RequestSpan | undefined {
    const { clock, captureContent } = this.#options;
    const tracer = this.#tracing.tracer(this.#options.provider());
    if (tracer === undefined) return undefined;
    const parent = context.active();
    const span = tracer.startSpan(
      `${labels.operation} ${labels.endpointId}`,
      {
        kind: SpanKind.CLIENT,
        attributes: startAttributes(labels),
        ...(link === undefined ? {} : { links: [{ context: link }] }),
      },
      parent,
    );
    if (!span.isRecording()) return undefined;
    if (captureContent) setContent(span, 'fal.input', input);
    // What was monotonic becomes a date by what the two clocks said here.
    const epoch = clock.wall() - clock.monotonic() * 1000;
    const inner = trace.setSpan(parent, span);
    return {
      context: inner,
      spanContext: span.spanContext(),
      end: (request, ended) => {
        if (captureContent) setContent(span, 'fal.output', () => ended.output);
        childSpans(request.life.parts(), { tracer, parent: inner, epoch, since });
        endSpan(span, request, ended);
      },
    };
  }
}

function setContent(span: Span, name: string, content: (() => unknown) | undefined): void {
  const text = contentOf(content);
  if (text !== undefined) span.setAttribute(name, text);
}

function startAttributes({ endpointId, operation, attributes }: RequestLabels): Attributes {
  return {
    ...attributes,
    'fal.endpoint_id': endpointId,
    'fal.operation': operation,
    'gen_ai.operation.name': 'generate_content',
    'gen_ai.provider.name': 'fal_ai',
    'gen_ai.request.model': endpointId,
  };
}

interface ChildPlace {
  readonly tracer: Tracer;
  readonly parent: Context;
  /** Milliseconds since 1970 at monotonic zero. */
  readonly epoch: number;
  /** When the parent began, in monotonic seconds. */
  readonly since: number;
}

/**
 * The parts of a request are known only afterwards, so their spans are made with times of the past. A part that began
 * before the call did is no part of the call: how long it took is an attribute of the call's span.
 */
function childSpans(parts: readonly RequestPart[], { tracer, parent, epoch, since }: ChildPlace): void {
  for (const { name, from, to, certainty, boundSeconds } of parts) {
    if (from < since) continue;
    const attributes: Attributes = { 'fal.certainty': certainty };
    if (boundSeconds !== undefined) attributes['fal.bound_seconds'] = boundSeconds;
    const child = tracer.startSpan(
      `fal.${name}`,
      { kind: SpanKind.INTERNAL, startTime: epoch + from * 1000, attributes },
      parent,
    );
    child.end(epoch + to * 1000);
  }
}

function endSpan(span: Span, request: OpenRequest, { isWhole, error }: CallEnd): void {
  span.setAttributes(endAttributes(request));
  const failure = isWhole ? request.failure : undefined;
  if (failure !== undefined && failure.outcome !== 'cancelled') {
    span.setAttributes({ 'error.type': failure.errorType, 'fal.fault': failure.fault });
    if (failure.networkCode !== undefined) span.setAttribute('fal.network_code', failure.networkCode);
    span.setStatus({ code: SpanStatusCode.ERROR, message: failure.errorType });
  } else if (error !== undefined && failure === undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function endAttributes(request: OpenRequest): Attributes {
  const { outcome, attempts, platformRetries, billableUnits, queueWait, inference } = request.life.record();
  const known: Readonly<Record<string, string | number | undefined>> = {
    'fal.request_id': request.requestId,
    'fal.outcome': outcome,
    'fal.attempts': attempts,
    'fal.platform_retries': platformRetries,
    'fal.billable_units': billableUnits,
    'fal.queue_wait_seconds': queueWait?.seconds,
    'fal.inference_seconds': inference?.seconds,
    'fal.served_from': request.lastAttempt?.servedFrom,
    'server.address': request.lastAttempt?.host,
    'http.response.status_code': request.lastAttempt?.status,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}
