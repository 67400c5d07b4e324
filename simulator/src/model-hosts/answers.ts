import type { Switches } from '../engine.ts';
import type { LiveJob, LogLine } from '../jobs/live-job.ts';
import { trueInferenceMs } from '../ledger.ts';
import { type HttpReply, type SimulatedRequest, originOf } from '../reply.ts';
import { appOf } from './address.ts';

const MEDIA_HOST = 'v3.fal.media';
const UNITS_HEADER = 'x-fal-billable-units';

/** The three URLs of a job. They carry the app only, whatever path the job was submitted to. */
export function jobUrls(request: SimulatedRequest, job: LiveJob): Record<string, string> {
  const base = `${originOf(request, 'queue.fal.run')}/${appOf(job.record.endpointId)}/requests/${job.record.requestId}`;
  return { response_url: base, status_url: `${base}/status`, cancel_url: `${base}/cancel` };
}

/** The answer of a finished job: what the model or the platform said, with its status and headers. */
export function resultReply(
  request: SimulatedRequest,
  job: LiveJob,
  switches: Readonly<Switches>,
): HttpReply {
  const { answer } = job;
  if (answer === undefined)
    throw new Error(`job ${job.record.requestId} has no answer although it has ended`);
  return {
    kind: 'http',
    status: answer.status,
    headers: {
      'content-type': 'application/json',
      'x-fal-request-id': job.record.requestId,
      ...withUnits(answer.headers, switches.unitsHeader),
    },
    body: reachable(answer.body, request),
  };
}

/** An output whose media URLs lead back to where the caller came from. */
export function reachable(output: string, request: Pick<SimulatedRequest, 'reachedThrough'>): string {
  const origin = originOf(request, MEDIA_HOST);
  return output.replaceAll(`https://${MEDIA_HOST}/`, `${origin}/`);
}

/** The headers with the units as the switch wants them; answers without units stay without. */
export function withUnits(
  headers: Readonly<Record<string, string>>,
  show: Switches['unitsHeader'],
): Record<string, string> {
  const { [UNITS_HEADER]: units, ...others } = headers;
  if (units === undefined || show === 'missing') return others;
  const shown = { true: units, 'not-a-number': 'many', huge: '999999999999999999' }[show];
  return { ...others, [UNITS_HEADER]: shown };
}

/** What a status answer says of a job. */
export interface StatusView {
  /** Places ahead; only read while the job is IN_QUEUE. */
  readonly position: number;
  /** `null` when the caller did not ask for logs. */
  readonly logs: readonly LogLine[] | null;
  readonly metrics: Switches['statusMetrics'];
}

/**
 * The body of a status answer. There is no state FAILED: a failed job is COMPLETED with `error` and `error_type`.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/queue.
 */
export function statusBody(
  request: SimulatedRequest,
  job: LiveJob,
  view: StatusView,
): Record<string, unknown> {
  const head = { status: job.state, request_id: job.record.requestId };
  const urls = jobUrls(request, job);
  switch (job.state) {
    case 'IN_QUEUE':
      return { ...head, queue_position: view.position, ...urls };
    case 'IN_PROGRESS':
      return { ...head, logs: view.logs, ...urls };
    case 'COMPLETED':
      return { ...head, logs: view.logs, ...metricsOf(job, view.metrics), ...failureOf(job), ...urls };
  }
}

function metricsOf(job: LiveJob, show: Switches['statusMetrics']): Record<string, unknown> {
  if (show === 'missing') return {};
  if (show === 'null-inference-time') return { metrics: { inference_time: null } };
  const inferenceMs = trueInferenceMs(job.record);
  return { metrics: inferenceMs === undefined ? {} : { inference_time: inferenceMs / 1000 } };
}

function failureOf(job: LiveJob): Record<string, unknown> {
  const error = job.answer?.error;
  return error === undefined ? {} : { error: error.text, error_type: error.type };
}
