import { type Attempt, classifyHttpFailure, classifyThrown } from 'opentelemetry-instrumentation-fal/core';
import type { Classification } from 'opentelemetry-instrumentation-fal/core';
import { z } from 'zod';
import { type FalAccess, probeFetch } from './client.ts';

const BASE_URL = 'https://api.fal.ai/v1';

/** A Platform API call that gave no usable answer. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly classification: Classification;
  /** How long fal asks to be left alone, at most an hour. */
  readonly retryAfterSeconds: number | undefined;

  constructor(path: string, classification: Classification, more: PlatformErrorMore = {}) {
    const { detail, retryAfterSeconds } = more;
    super(`GET ${path}: ${classification.errorType}${detail === undefined ? '' : `: ${detail}`}`);
    this.classification = classification;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface PlatformErrorMore {
  readonly retryAfterSeconds?: number | undefined;
  /** In our own words: an answer of a remote party may hold anything. */
  readonly detail?: string | undefined;
}

/** The answer came and is not what the API promises. */
export const MISSHAPEN: Classification = { errorType: 'invalid_json', fault: 'unknown', outcome: 'error' };

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
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(platformUrl(call), { headers: platformHeaders(call.key), signal: call.signal });
    body = await response.json().catch(() => undefined);
  } catch (error) {
    throw new PlatformError(call.path, classifyThrown(error, attempt));
  }
  if (!response.ok) throw refusal(call.path, response, body);
  const parsed = call.schema.safeParse(body);
  if (!parsed.success) throw new PlatformError(call.path, MISSHAPEN);
  return parsed.data;
}

export function platformUrl({ path, query }: Pick<PlatformQuery<unknown>, 'path' | 'query'>): URL {
  const url = new URL(`${BASE_URL}${path}`);
  for (const [name, values] of Object.entries(query))
    for (const value of values) url.searchParams.append(name, value);
  return url;
}

export function platformHeaders(key: string | undefined): Record<string, string> {
  const accept = { accept: 'application/json' };
  return key === undefined ? accept : { ...accept, authorization: `Key ${key}` };
}

/** An answer with an error status as an error. `body` is parsed JSON, or undefined when it was none. */
export function refusal(path: string, { status, headers }: Response, body: unknown): PlatformError {
  const requestId = headers.get('x-fal-request-id') ?? undefined;
  const classification = classifyHttpFailure({ status, body, requestId });
  return new PlatformError(path, classification, { retryAfterSeconds: retryAfterSeconds(headers) });
}

/** Longer than this nobody is told to wait by a header that means what it says. */
const LONGEST_WAIT_SECONDS = 3600;

/**
 * Seconds until fal wants to hear from us again, the longer one where two headers tell. `x-ratelimit-reset` is fal's
 * own (https://fal.ai/docs/documentation/serverless/reliability/rate-limits), `Retry-After` that of whatever stands
 * in front of it; a date in the latter is not read.
 */
function retryAfterSeconds(headers: Headers): number | undefined {
  const told = ['x-ratelimit-reset', 'retry-after']
    .map((name) => headers.get(name)?.trim() ?? '')
    .filter((text) => /^\d{1,15}(\.\d+)?$/.test(text))
    .map((text) => Math.min(Number(text), LONGEST_WAIT_SECONDS));
  return told.length === 0 ? undefined : Math.max(...told);
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
