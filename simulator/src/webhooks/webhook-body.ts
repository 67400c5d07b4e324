import type { LiveJob } from '../jobs/live-job.ts';
import { reachable } from '../model-hosts/answers.ts';
import type { SimulatedRequest } from '../reply.ts';

export interface WebhookBodyParts {
  readonly job: LiveJob;
  /** Of the platform's last attempt. */
  readonly gatewayRequestId: string;
  /** How the caller reached the simulator: media URLs lead back there. */
  readonly origin: Pick<SimulatedRequest, 'reachedThrough'>;
  /** The output could not be written as JSON. */
  readonly isUnwritable: boolean;
}

/**
 * What fal says of an ended job: `OK` for an answer of 200, `ERROR` otherwise, with the answer's own body.
 *
 * Source: https://fal.ai/docs/documentation/model-apis/inference/webhooks
 */
export function webhookBody({ job, gatewayRequestId, origin, isUnwritable }: WebhookBodyParts): string {
  const { record, answer } = job;
  if (answer === undefined) throw new Error(`job ${record.requestId} has no answer although it has ended`);
  const isOk = answer.status === 200;
  return spacedJson({
    request_id: record.requestId,
    gateway_request_id: gatewayRequestId,
    status: isOk ? 'OK' : 'ERROR',
    ...(isOk ? {} : { error: `Invalid status code: ${answer.status}` }),
    ...(isUnwritable
      ? { payload: null, payload_error: 'Response payload is not JSON serializable' }
      : { payload: JSON.parse(reachable(answer.body, origin)) as unknown }),
  });
}

/**
 * JSON with a space after each comma and colon, as Python writes it and real deliveries have it. An app that signs
 * or compares JSON written anew by JavaScript must fail here, because it fails with fal.
 */
function spacedJson(value: unknown): string {
  // Line breaks inside of strings are escaped, so that each one is between two values.
  return JSON.stringify(value, null, 1)
    .replaceAll(/,\n\s*/g, ', ')
    .replaceAll(/\n\s*/g, '');
}
