import type { ActiveRequest, RequestLabels } from '../request/operation.ts';
import type { RequestRecord } from '../request/life-cycle.ts';
import type { SpentOn } from './money.ts';

/** A logical request that is over. */
export interface EndedRequest {
  readonly labels: RequestLabels;
  readonly record: RequestRecord;
  /** Header `X-Fal-Billable-Units` of the last answer that had one, as sent: a decimal, or whatever it was. */
  readonly billableUnits?: string | undefined;
  /** Host of the last exchange, without port; for the GenAI metric. */
  readonly host?: string | undefined;
}

/** What the parts that watch requests tell the metrics. Nothing of it throws. */
export interface RequestMetrics {
  /** A request began: its outcomes exist at zero from now on, so that the first failure is an increase. */
  started(labels: RequestLabels): void;
  /** One HTTP exchange; `status` is its code or the class of its network error. */
  attempted(labels: RequestLabels, status: string): void;
  /** The job went back from running to queued. */
  platformRetried(labels: RequestLabels): void;
  /** The client repeats a POST after a connection that may have carried the first: maybe a second billed job. */
  submitRepeated(labels: RequestLabels): void;
  /** A request is over. */
  ended(request: EndedRequest): void;
  /**
   * Units beside those of the request's end: of a result that somebody fetched when the request was over already, or
   * of a job that the client made once too often. `as` says what they were spent on; by default on a success.
   */
  billedLate(labels: RequestLabels, billableUnits: string, as?: SpentOn): void;
  realtimeConnected(endpointId: string): void;
  realtimeMessage(endpointId: string, direction: 'sent' | 'received'): void;
}

/** Where the gauges of requests in flight are read from, at each collection. */
export type ActiveRequests = () => Iterable<ActiveRequest>;
