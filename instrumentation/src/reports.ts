import { currentTelemetry } from './default-telemetry.ts';
import type { CircuitState, FallbackReport } from './metrics/app-reports.ts';
import { untraced } from './money/untraced.ts';
import { takeWebhook } from './webhook-end.ts';
import { createWebhookHandler, createWebhookVerifier } from './webhook/index.ts';
import type { WebhookHandler, WebhookVerifierOptions } from './webhook/index.ts';

/** Tells that a call went to another provider, and how it ended there. Does nothing before an instrumentation began. */
export function recordFallback(report: FallbackReport): void {
  currentTelemetry()?.metrics.recordFallback(report);
}

/** Tells the state of the app's circuit breaker for a model; `undefined` when there is none any more. */
export function recordCircuitState(endpointId: string, state: CircuitState | undefined): void {
  currentTelemetry()?.metrics.recordCircuitState(endpointId, state);
}

/**
 * Verifies fal's webhooks (Ed25519, five minutes of tolerance) and ends the records of their requests.
 *
 * ```ts
 * const webhooks = falWebhooks();
 * export async function POST(request: Request) {
 *   const { requestId, payload, seenBefore } = await webhooks.receive(request); // throws FalWebhookError
 *   … // when this fails: webhooks.forget(requestId), so that fal's next delivery is not taken for a repeated one
 * }
 * ```
 */
export function falWebhooks(options?: WebhookVerifierOptions): WebhookHandler {
  return createWebhookHandler({
    // The fetching of fal's public keys is ours, not the app's: it makes no span.
    verifier: createWebhookVerifier({
      fetch: (input, init) => untraced(() => fetch(input, init)),
      ...options,
    }),
    sink: {
      webhookArrived: (webhook) => {
        const telemetry = currentTelemetry();
        if (telemetry !== undefined) takeWebhook(telemetry, webhook);
      },
    },
  });
}
