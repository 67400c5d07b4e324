export type { WebhookBody, WebhookDelivery, WebhookHeaders } from './delivery.ts';
export { createWebhookHandler } from './handler.ts';
export type {
  ArrivedWebhook,
  FetchRequest,
  WebhookContext,
  WebhookHandler,
  WebhookHandlerOptions,
  WebhookSink,
} from './handler.ts';
export type { VerifiedWebhook } from './verified-webhook.ts';
export { createWebhookVerifier } from './verifier.ts';
export type { WebhookVerifier, WebhookVerifierOptions } from './verifier.ts';
export type { WebCrypto } from './web-crypto.ts';
export { FalWebhookError } from './webhook-error.ts';
export type { WebhookErrorCode } from './webhook-error.ts';
