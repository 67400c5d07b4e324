import { type Attempt, classifyHttpFailure, classifyThrown } from 'opentelemetry-instrumentation-fal/core';
import type { Classification } from 'opentelemetry-instrumentation-fal/core';
import { z } from 'zod';
import { type FalAccess, probeFetch } from './client.ts';

const BASE_URL = 'https://api.fal.ai/v1';

/** A Platform API call that gave no usable answer. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly classification: Classification;
  /** From `x-ratelimit-reset` (https://fal.ai/docs/documentation/serverless/reliability/rate-limits). */
  readonly retryAfterSeconds: number | undefined;

  constructor(path: string, classification: Classification, retryAfterSeconds?: number) {
    super(`GET ${path}: ${classification.errorType}`);
    this.classification = classification;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface PlatformQuery<T> {
  /** Below `/v1`, for example `/models/pricing`. */
  readonly path: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly schema: z.ZodType<T>;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * One GET on the Platform API, read once at the edge: unknown fields are ignored, a missing or misshapen one
 * is a PlatformError. Source: https://api.fal.ai/v1/openapi.json
 */
export async function platformGet<T>(access: FalAccess, call: PlatformQuery<T>): Promise<T> {
  let attempt: Attempt | undefined;
  const fetch = probeFetch(access, (seen) => {
    attempt = seen;
  });
  const url = new URL(`${BASE_URL}${call.path}`);
  for (const [name, values] of Object.entries(call.query))
    for (const value of values) url.searchParams.append(name, value);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (call.key !== undefined) headers.authorization = `Key ${call.key}`;
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, { headers, signal: call.signal });
    body = await response.json().catch(() => undefined);
  } catch (error) {
    throw new PlatformError(call.path, classifyThrown(error, attempt));
  }
  if (!response.ok) {
    const requestId = response.headers.get('x-fal-request-id') ?? undefined;
    throw new PlatformError(
      call.path,
      classifyHttpFailure({ status: response.status, body, requestId }),
      resetSeconds(response),
    );
  }
  const parsed = call.schema.safeParse(body);
  if (!parsed.success)
    throw new PlatformError(call.path, { errorType: 'invalid_json', fault: 'unknown', outcome: 'error' });
  return parsed.data;
}

function resetSeconds(response: Response): number | undefined {
  const text = response.headers.get('x-ratelimit-reset');
  const seconds = text === null ? NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) : undefined;
}

const page = { next_cursor: z.string().nullish(), has_more: z.boolean().nullish() };

export const pricingPage = z.object({
  ...page,
  prices: z.array(
    z.object({
      endpoint_id: z.string(),
      unit_price: z.number().nonnegative(),
      unit: z.string(),
      currency: z.string(),
    }),
  ),
});

export const accountBilling = z.object({
  credits: z.object({ current_balance: z.number(), currency: z.string() }),
});
