/** For bundled or already loaded clients, and for runtimes without hooks: imports nothing of Node.js. */
export { withFalAttributes } from './attributes/with-fal-attributes.ts';
export type { FalAttributes } from './attributes/attribute-filter.ts';
export { classifyThrown } from './errors/classify.ts';
export type { Classification } from './errors/classify.ts';
export type { ErrorType, Fault, Outcome } from './errors/error-type.ts';
export { instrumentFal } from './instrument-fal.ts';
export type { CircuitState, FallbackReport } from './metrics/app-reports.ts';
export { falWebhooks, recordCircuitState, recordFallback } from './reports.ts';
export type { FalTelemetryConfig, GenAiConvention, UnitPrice } from './types.ts';
export { FalWebhookError } from './webhook/index.ts';
export type {
  VerifiedWebhook,
  WebhookDelivery,
  WebhookErrorCode,
  WebhookHandler,
  WebhookVerifierOptions,
} from './webhook/index.ts';
