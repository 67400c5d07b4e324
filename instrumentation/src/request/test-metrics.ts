import type { EndedRequest, RequestMetrics } from '../metrics/request-metrics.ts';
import type { Attempt } from '../http/attempt.ts';
import type { OpenRequest, RequestSurroundings } from './open-request.ts';
import type { RequestLabels } from './operation.ts';

export const ENDPOINT = 'fal-ai/flux/dev';
export const RUN: RequestLabels = { endpointId: ENDPOINT, operation: 'run' };
export const SUBMIT: RequestLabels = { endpointId: ENDPOINT, operation: 'submit' };

/** For tests: what the metrics were told, word for word, and a clock that the test moves. */
export interface NotedRequests {
  readonly around: RequestSurroundings;
  readonly clock: { seconds: number };
  /** Name of the call and what tells it apart, such as `attempted 200`. */
  readonly told: string[];
  readonly ended: EndedRequest[];
  /** Requests that said they are over, in order. */
  readonly over: OpenRequest[];
}

/** For tests: surroundings that keep what a request tells. */
export function notedRequests(): NotedRequests {
  const told: string[] = [];
  const ended: EndedRequest[] = [];
  const over: OpenRequest[] = [];
  const clock = { seconds: 100 };
  const metrics: RequestMetrics = {
    started: ({ operation }) => void told.push(`started ${operation}`),
    attempted: (_, status) => void told.push(`attempted ${status}`),
    platformRetried: () => void told.push('platform retried'),
    submitRepeated: () => void told.push('submit repeated'),
    ended: (request) => {
      told.push(`ended ${request.record.outcome ?? 'nowhere'}`);
      ended.push(request);
    },
    billedLate: (_, units, as = 'ok') => void told.push(`billed late ${units} ${as}`),
    realtimeConnected: () => void told.push('realtime connected'),
    realtimeMessage: (_, direction) => void told.push(`realtime ${direction}`),
  };
  const around = {
    metrics,
    now: () => clock.seconds,
    onEnd: (request: OpenRequest) => void over.push(request),
  };
  return { around, clock, told, ended, over };
}

/** For tests: an exchange that went well, unless told otherwise. */
export function attempt(rest: Partial<Attempt> = {}): Attempt {
  return { step: 'run', host: 'fal.run', startedAt: 100, endedAt: 100, status: 200, ...rest };
}

/** For tests: an error as the client throws it for an HTTP answer. */
export function apiError(status: number, body: unknown = {}): Error {
  return Object.assign(new Error(`HTTP ${status}`), { name: 'ApiError', status, body, requestId: 'req-1' });
}
