import type { WebhookBody, WebhookDelivery, WebhookHeaders } from './delivery.ts';
import type { VerifiedWebhook } from './verified-webhook.ts';
import type { WebhookVerifier } from './verifier.ts';
import { FalWebhookError } from './webhook-error.ts';

/** What the app knows of a request when its webhook comes, for example from its own database. */
export interface WebhookContext {
  /** `owner/app[/path]` as submitted; the webhook itself does not tell. */
  readonly endpointId?: string | undefined;
  /** When the app submitted it: makes the duration known even in another process. */
  readonly submittedAt?: Date | undefined;
}

export type ArrivedWebhook = VerifiedWebhook & WebhookContext;

/** Takes verified webhooks to finish the records of their requests. */
export interface WebhookSink {
  /** Called for each accepted delivery, repeated ones too: keyed by the request id, the first one counts. */
  webhookArrived(webhook: ArrivedWebhook): void;
}

/** A fetch `Request` (Next.js, Hono, edge runtimes), as far as it is needed. */
export interface FetchRequest {
  readonly headers: WebhookHeaders;
  readonly bodyUsed?: boolean | undefined;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface WebhookHandlerOptions {
  readonly verifier: WebhookVerifier;
  readonly sink?: WebhookSink | undefined;
}

export interface WebhookHandler {
  /**
   * Verifies a delivery and tells the sink. Answer fal with any 2xx within its 15 seconds, and work afterwards.
   *
   * @throws FalWebhookError whose `httpStatus` is what to answer.
   */
  receive(request: FetchRequest | WebhookDelivery, context?: WebhookContext): Promise<VerifiedWebhook>;
  /** The app failed to handle this request: the next delivery of it counts as the first. */
  forget(requestId: string): void;
}

/** Joins a verifier with the telemetry. Nothing that the sink throws reaches the app. */
export function createWebhookHandler({ verifier, sink }: WebhookHandlerOptions): WebhookHandler {
  return {
    receive: async (request, { endpointId, submittedAt } = {}) => {
      const body = isFetchRequest(request) ? await bodyOf(request) : request.body;
      const webhook = await verifier.verify({ headers: request.headers, body });
      try {
        sink?.webhookArrived({ ...webhook, endpointId, submittedAt });
      } catch {
        // Telemetry must not change what the caller gets.
      }
      return webhook;
    },
    forget: (requestId) => verifier.forget(requestId),
  };
}

function isFetchRequest(request: FetchRequest | WebhookDelivery): request is FetchRequest {
  return 'arrayBuffer' in request && typeof request.arrayBuffer === 'function';
}

async function bodyOf(request: FetchRequest): Promise<WebhookBody> {
  if (request.bodyUsed === true) {
    throw new FalWebhookError(
      'bad_body',
      'its body has been read before. Call receive first, or read it as text once and give { headers, body }',
    );
  }
  try {
    return await request.arrayBuffer();
  } catch (error) {
    throw new FalWebhookError('bad_body', 'its body could not be read to the end', { cause: error });
  }
}
