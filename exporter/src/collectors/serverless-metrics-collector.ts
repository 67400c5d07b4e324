import { classifyThrown } from 'opentelemetry-instrumentation-fal/core';
import type { CollectorConfig } from '../config/config.ts';
import type { ShowAppMetrics } from '../domain/app-metrics.ts';
import { STALE_AFTER_INTERVALS } from '../domain/staleness.ts';
import { EXCHANGE_TIMEOUT_MS, type FalAccess } from '../fal/client.ts';
import { OversizedBodyError, deadlineFetch } from '../fal/deadline-fetch.ts';
import { PlatformError, platformHeaders, platformUrl, refusal } from '../fal/platform.ts';
import type { Collector } from './collector.ts';
import { readAppMetrics } from './serverless-metrics/app-metrics.ts';

const PATH = '/serverless/metrics';
const MAX_BODY_BYTES = 1_000_000;

export interface ServerlessMetricsCollectorOptions {
  readonly access: FalAccess;
  readonly config: CollectorConfig;
  /** Throws a RangeError when there is no room for them. */
  readonly show: ShowAppMetrics;
}

/**
 * fal's own metrics of the apps that the account has deployed, passed on with names and labels as they are. It is a
 * text of somebody else on our page: it is capped, checked line by line, and shown whole or not at all.
 *
 * Source: https://fal.ai/docs/documentation/serverless/observability/metrics
 */
export function createServerlessMetricsCollector({
  access,
  config,
  show,
}: ServerlessMetricsCollectorOptions): Collector {
  const { intervalMs, callsPerHour } = config;
  return {
    name: 'serverless-metrics',
    intervalMs,
    callsPerHour,
    async collect({ signal, spendCall }): Promise<void> {
      spendCall();
      const body = await readBody(access, signal);
      try {
        show(await readAppMetrics(decoded(body)), STALE_AFTER_INTERVALS * intervalMs);
      } catch (error) {
        if (error instanceof RangeError)
          throw new RangeError(`GET ${PATH}: ${error.message}`, { cause: error });
        throw error;
      }
    },
  };
}

async function readBody(access: FalAccess, signal: AbortSignal): Promise<ArrayBuffer> {
  const { clock } = access;
  const limits = { clock, timeoutMs: EXCHANGE_TIMEOUT_MS, maxBodyBytes: MAX_BODY_BYTES };
  const headers = { ...platformHeaders(access.falKey()), accept: 'text/plain; version=0.0.4' };
  let response: Response;
  try {
    const fetch = deadlineFetch(access.fetch, limits);
    response = await fetch(platformUrl({ path: PATH, query: {} }), { headers, signal });
  } catch (error) {
    if (error instanceof OversizedBodyError)
      throw new RangeError(`GET ${PATH}: ${error.message}`, { cause: error });
    throw new PlatformError(PATH, classifyThrown(error));
  }
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => undefined);
    throw refusal(PATH, response, body);
  }
  return response.arrayBuffer();
}

function decoded(body: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new RangeError('the answer is not UTF-8');
  }
}
