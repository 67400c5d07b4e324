import {
  type Classification,
  classifyHttpFailure,
  isErrorType,
} from 'opentelemetry-instrumentation-fal/core';

/** A status answer, read once at the edge. `malformed` is an answer that is no status at all. */
export type QueueStatus =
  | { readonly state: 'queued'; readonly position?: number | undefined }
  | { readonly state: 'running' }
  | {
      readonly state: 'completed';
      readonly inferenceSeconds?: number | undefined;
      readonly failure?: Classification | undefined;
      /** fal says that the job failed but not how: the result tells. */
      readonly isFailed: boolean;
    }
  | { readonly state: 'malformed' };

/**
 * Reads the body of a status poll. A failed job is COMPLETED too: `error` and `error_type` tell it apart.
 * Source: https://fal.ai/docs/documentation/model-apis/inference/queue
 */
export function readQueueStatus(body: unknown): QueueStatus {
  if (!isRecord(body)) return { state: 'malformed' };
  switch (body.status) {
    case 'IN_QUEUE':
      return { state: 'queued', position: asNumber(body.queue_position) };
    case 'IN_PROGRESS':
      return { state: 'running' };
    case 'COMPLETED':
      return readCompleted(body);
    default:
      return { state: 'malformed' };
  }
}

function readCompleted(body: Readonly<Record<string, unknown>>): QueueStatus {
  const metrics = body.metrics;
  const inferenceSeconds = isRecord(metrics) ? asNumber(metrics.inference_time) : undefined;
  const hasType = typeof body.error_type === 'string' && body.error_type !== '';
  const isFailed = hasType || (body.error !== undefined && body.error !== null);
  // A name that is in no list (of pydantic's there are hundreds) says less than the result, whose HTTP status tells.
  const isNamed = isErrorType(body.error_type);
  const failure = isNamed ? classifyHttpFailure({ status: 500, body, requestId: 'known' }) : undefined;
  return { state: 'completed', inferenceSeconds, isFailed, failure };
}

/** The request id of a submit answer, or undefined when the answer is no envelope. */
export function readRequestId(body: unknown): string | undefined {
  const id = isRecord(body) ? body.request_id : undefined;
  return typeof id === 'string' && /^[\w-]{1,128}$/.test(id) ? id : undefined;
}

const MEDIA_FIELDS = ['images', 'image', 'video', 'videos', 'audio', 'audio_file', 'model_mesh'];

/**
 * Says what is wrong with the output of a model, or nothing when it is usable: an object, and where it has a
 * media field, at least one URL in it. A 200 with an empty list is no picture.
 */
export function problemOfOutput(data: unknown): string | undefined {
  if (!isRecord(data)) return `expected a JSON object, got ${data === null ? 'null' : typeof data}`;
  const names = Object.keys(data);
  if (names.length === 0) return 'the result is an empty object';
  const media = MEDIA_FIELDS.filter((name) => Object.hasOwn(data, name));
  if (media.length === 0 || media.some((name) => hasUrl(data[name]))) return undefined;
  return `the result has a field ${media.join(', ')} but no URL in it`;
}

function hasUrl(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUrl);
  const url = isRecord(value) ? value.url : value;
  return typeof url === 'string' && /^(https?:\/\/|data:)/.test(url);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
