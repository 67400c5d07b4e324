import { type ErrorType, isErrorType } from 'opentelemetry-instrumentation-fal/core';
import { z } from 'zod';
import type { ProbeRunFinished } from '../domain/events.ts';

const measured = z.object({
  seconds: z.number(),
  certainty: z.enum(['exact', 'inferred']),
  boundSeconds: z.number().optional(),
});

const runError = z.object({
  type: z.custom<ErrorType>(isErrorType),
  fault: z.enum(['app', 'account', 'model', 'platform', 'network', 'unknown']),
  text: z.string(),
});

const storedRun: z.ZodType<ProbeRunFinished> = z.object({
  kind: z.literal('probe_run_finished'),
  at: z.number(),
  probe: z.string(),
  tier: z.enum(['free', 'queue', 'inference']),
  endpointId: z.string().optional(),
  outcome: z.enum(['ok', 'error', 'timeout', 'cancelled']),
  error: runError.optional(),
  durationSeconds: z.number(),
  queueWait: measured.optional(),
  inference: measured.optional(),
  resultFetch: measured.optional(),
  attempts: z.number(),
  platformRetries: z.number(),
  lastQueuePosition: z.number().optional(),
  requestId: z.string().optional(),
  steps: z.array(z.object({ seconds: z.number(), text: z.string() })),
});

/** A run as it was stored, or undefined when this release cannot read it. */
export function runFrom(json: string): ProbeRunFinished | undefined {
  try {
    return storedRun.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
