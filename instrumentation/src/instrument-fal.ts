import { diag } from '@opentelemetry/api';
import { isClient, wrapClient, wrapFactory, wrapSingleton } from './client/instrument-client.ts';
import { fieldOf } from './client/direct-calls.ts';
import { observeConfigOf } from './client/observed-fetch.ts';
import { type Method, originalOf } from './client/patch.ts';
import { ensureTelemetry } from './default-telemetry.ts';
import type { FalTelemetryConfig } from './types.ts';

/**
 * Measures the requests of a client that no hook can reach: one that a bundler has put into the app, that was loaded
 * before, or that runs where there are no hooks (edge runtimes, browsers). Metrics and spans go to the providers that
 * are registered with the OpenTelemetry API, whenever they come.
 *
 * ```ts
 * import { fal } from '@fal-ai/client';
 * import { instrumentFal } from 'opentelemetry-instrumentation-fal/client';
 *
 * instrumentFal(fal); // before the first request, and before fal.config() if there is one
 * ```
 *
 * @param target the ready-made `fal`, a client, or `createFalClient` itself. What is instrumented already stays as it
 *   is.
 * @param config settings; those of the first call in a process hold for all.
 * @returns the same client, wrapped in place; for `createFalClient` a function to be used in its stead.
 * @throws TypeError when `target` is none of them: that is a mistake in the app's start-up, not in a request.
 */
export function instrumentFal<T>(target: T, config?: FalTelemetryConfig): T {
  const telemetry = ensureTelemetry(config);
  if (typeof target === 'function')
    return wrapFactory(telemetry, target as unknown as Method) as unknown as T;
  if (!isClient(target)) {
    throw new TypeError(
      `instrumentFal: expected fal, a client of @fal-ai/client, or createFalClient; got ${typeof target}. Pass what you import from '@fal-ai/client'.`,
    );
  }
  if (originalOf(fieldOf(target, 'run')) !== undefined) return target;
  if (typeof fieldOf(target, 'config') === 'function') wrapSingleton(telemetry, target);
  else wrapClient(telemetry, target);
  observeConfigOf(telemetry, target).then((isObserved) => {
    if (!isObserved) sayBlind();
  }, sayBlind);
  return target;
}

function sayBlind(): void {
  diag.info(
    'opentelemetry-instrumentation-fal: this version of @fal-ai/client hides its configuration: HTTP attempts and billable units of this client are not measured. Pass createFalClient to instrumentFal instead, or load the instrumentation before the client.',
  );
}
