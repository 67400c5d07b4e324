import { ROOT_CONTEXT, context, createContextKey } from '@opentelemetry/api';

/**
 * Runs `fn` without any span around it and without any span coming of it: our own calls are not the app's. The key
 * is the one that the OpenTelemetry SDK asks for (`suppressTracing` of @opentelemetry/core); a context key is a
 * registered symbol of its description, so the same words give the same key without that package.
 * Source: https://github.com/open-telemetry/opentelemetry-js, packages/opentelemetry-core/src/trace/suppress-tracing.ts
 */
export function untraced<R>(fn: () => R): R {
  const suppressed = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
  return context.with(ROOT_CONTEXT.setValue(suppressed, true), fn);
}
