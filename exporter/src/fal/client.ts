import { createFalClient, type FalClient } from '@fal-ai/client';
import { type Attempt, type Fetch, observeFetch } from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from '../domain/clock.ts';
import { deadlineFetch } from './deadline-fetch.ts';

/** What a probe or a collector needs to talk to fal. */
export interface FalAccess {
  readonly clock: Clock;
  /** The machine's fetch, or one that leads to a simulator. */
  readonly fetch: Fetch;
  /** Asked at every exchange, so that a rotated key takes effect at once. */
  readonly falKey: () => string | undefined;
}

/** Longest single exchange; a model that answers in minutes does so over many polls. */
export const EXCHANGE_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Sent with every probe. Without the first, a probe of one endpoint may silently measure its fallback; the
 * second keeps probe payloads out of the request history.
 * Source: https://fal.ai/docs/documentation/model-apis/common-parameters
 */
export const PROBE_HEADERS = { 'x-app-fal-disable-fallback': '1', 'x-fal-store-io': '0' } as const;

/** The real `@fal-ai/client` over a fetch that has deadlines and tells of each attempt. */
export function createProbeClient(access: FalAccess, onAttempt: (attempt: Attempt) => void): FalClient {
  return createFalClient({
    credentials: () => access.falKey(),
    fetch: probeFetch(access, onAttempt),
    suppressLocalCredentialsWarning: true,
  });
}

/** The same fetch without the client, for hosts that the client does not speak to. */
export function probeFetch(access: FalAccess, onAttempt: (attempt: Attempt) => void): Fetch {
  const { clock } = access;
  const bounded = deadlineFetch(access.fetch, {
    clock,
    timeoutMs: EXCHANGE_TIMEOUT_MS,
    maxBodyBytes: MAX_BODY_BYTES,
  });
  return observeFetch(bounded, { monotonic: () => clock.monotonic() / 1000, onAttempt });
}
