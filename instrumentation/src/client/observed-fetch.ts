import type { Attempt, AttemptStep, Target } from '../http/attempt.ts';
import { type Fetch, observeFetch } from '../http/observe-fetch.ts';
import type { FalTelemetry } from '../telemetry.ts';
import { fieldOf } from './direct-calls.ts';
import { type Method, asWrapperOf, originalOf } from './patch.ts';

/** A fetch that tells the request it works for about each exchange: attempts, statuses, billable units. */
export function observedFetch(telemetry: FalTelemetry, inner: Fetch): Fetch {
  if (originalOf(inner) !== undefined) return inner;
  const observed = observeFetch(inner, {
    monotonic: () => telemetry.clock.monotonic(),
    onStart: (step, target) => begun(telemetry, step, target),
  });
  return asWrapperOf(inner as unknown as Method, observed as unknown as Method) as unknown as Fetch;
}

function begun(
  telemetry: FalTelemetry,
  step: AttemptStep,
  target: Target,
): ((attempt: Attempt) => void) | undefined {
  if (!telemetry.isEnabled) return undefined;
  const call = telemetry.calls.get();
  const request = call?.request ?? telemetry.desk.guess(step, target.pathname);
  request?.attemptStarted(step);
  if (request === undefined) return undefined;
  return (attempt) => {
    if (call !== undefined) call.lastAttempt = attempt;
    request.attemptEnded(attempt);
  };
}

/** The client's configuration with an observed fetch; what is no configuration is handed on as it is. */
export function withObservedFetch(telemetry: FalTelemetry, config: unknown): unknown {
  if (config !== undefined && (typeof config !== 'object' || config === null)) return config;
  // The client takes the global fetch of this moment as well.
  const inner = fieldOf(config, 'fetch') ?? globalThis.fetch;
  if (typeof inner !== 'function') return config;
  return { ...config, fetch: observedFetch(telemetry, inner as Fetch) };
}

/**
 * Reaches the configuration of a client that exists already, and has its fetch observed from then on. The client
 * keeps its configuration to itself; a stream of its carries it, so we make one that ends before it sends anything:
 * asked for its method it throws what the client takes for an abort. Without luck the HTTP exchanges (attempts,
 * billable units) of that client stay unseen, everything else is measured.
 */
export async function observeConfigOf(telemetry: FalTelemetry, client: unknown): Promise<boolean> {
  const streaming = fieldOf(client, 'streaming');
  const stream = fieldOf(streaming, 'stream');
  if (typeof stream !== 'function') return false;
  const original = originalOf(stream) ?? (stream as Method);
  const neverSent = { method: { toUpperCase: throwAbort } };
  const opened: unknown = await Reflect.apply(original, streaming, ['fal-ai/none', neverSent] as never[]);
  const config = fieldOf(opened, 'config');
  const inner = fieldOf(config, 'fetch');
  if (typeof inner !== 'function') return false;
  (config as { fetch: Fetch }).fetch = observedFetch(telemetry, inner as Fetch);
  return true;
}

function throwAbort(): never {
  throw new DOMException('a stream that was never to be sent', 'AbortError');
}
