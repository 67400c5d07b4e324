import { faultOf, outcomeOf } from './errors/error-type.ts';
import type { FalTelemetry } from './telemetry.ts';
import type { ArrivedWebhook } from './webhook/handler.ts';

/** Takes a verified webhook as the end of its job's request, wherever the job was submitted. Never throws. */
export function takeWebhook(telemetry: FalTelemetry, webhook: ArrivedWebhook): void {
  if (telemetry.isEnabled) telemetry.fence.try('taking a webhook', () => finishByWebhook(telemetry, webhook));
}

/**
 * Ends the request of a job by its webhook. A job that this process submitted has its whole duration; one of another
 * process has it only when the app says when it submitted it. What comes after the end, as a repeated delivery does,
 * changes nothing.
 */
function finishByWebhook(telemetry: FalTelemetry, webhook: ArrivedWebhook): void {
  const { requestId, endpointId, submittedAt, retried, status, errorType = '_OTHER' } = webhook;
  const isOurs = telemetry.desk.find(requestId) !== undefined;
  const request = telemetry.desk.findOrAdopt(requestId, () => telemetry.labelsOf('result', endpointId));
  // A call that spans the request, such as `subscribe`, ends it itself.
  if (request.hasEnded || request.isAttached) return;
  const waited =
    isOurs || submittedAt === undefined ? undefined : telemetry.clock.wall() - submittedAt.getTime();
  if (waited !== undefined && waited >= 0) {
    request.observe({ kind: 'started', at: telemetry.clock.monotonic() - waited / 1000 });
  }
  if (retried && request.life.platformRetries === 0) telemetry.metrics.platformRetried(request.labels);
  if (status === 'OK') request.finish();
  else request.failAs({ errorType, fault: faultOf(errorType), outcome: outcomeOf(errorType) });
}
