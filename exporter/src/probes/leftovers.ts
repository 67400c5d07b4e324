import { classifyThrown } from 'opentelemetry-instrumentation-fal/core';
import { type FalAccess, createProbeClient } from '../fal/client.ts';
import { untilAborted } from '../fal/deadline-fetch.ts';

export interface Leftover {
  readonly probe: string;
  readonly endpointId: string;
  readonly requestId: string;
}

export interface LeftoverOptions {
  readonly access: FalAccess;
  readonly signal: AbortSignal;
  readonly forget: (requestId: string) => void;
  readonly tell: (message: string, facts: { readonly probe: string; readonly request_id: string }) => void;
}

/** One attempt each, and not for long: whatever fal says, the request is forgotten afterwards. */
const CANCEL_TIMEOUT_MS = 5_000;

/**
 * Cancels the jobs of an exporter that was killed: they hold slots of the account and may cost money. They
 * stay booked as spent. Never rejects.
 */
export async function cancelLeftovers(
  leftovers: readonly Leftover[],
  options: LeftoverOptions,
): Promise<void> {
  for (const { probe, endpointId, requestId } of leftovers) {
    if (options.signal.aborted) return;
    const answer = await cancelOne(endpointId, requestId, options);
    options.tell(`a request of an earlier run was still open: ${answer}`, { probe, request_id: requestId });
    options.forget(requestId);
  }
}

async function cancelOne(
  endpointId: string,
  requestId: string,
  { access, signal }: LeftoverOptions,
): Promise<string> {
  const firstAnswer = new AbortController();
  const timeUp = new AbortController();
  const stopTimer = access.clock.after(CANCEL_TIMEOUT_MS, () =>
    timeUp.abort(new DOMException('no answer', 'TimeoutError')),
  );
  const until = AbortSignal.any([signal, timeUp.signal]);
  const client = createProbeClient(access, () => firstAnswer.abort());
  try {
    const abortSignal = AbortSignal.any([until, firstAnswer.signal]);
    await untilAborted(until, client.queue.cancel(endpointId, { requestId, abortSignal }));
    return 'cancelled it';
  } catch (error) {
    const { errorType } = classifyThrown(error);
    return errorType === '400' || errorType === 'not_found'
      ? 'it had ended'
      : `cancelling it failed (${errorType})`;
  } finally {
    stopTimer();
  }
}
