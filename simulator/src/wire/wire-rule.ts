/** What a request is for, as far as its host, method and path tell. */
export type Step =
  | 'run'
  | 'stream'
  | 'submit'
  | 'status'
  | 'status-stream'
  | 'result'
  | 'cancel'
  | 'upload'
  | 'media'
  | 'platform'
  | 'status-page'
  | 'control'
  | 'other';

/** What may happen to an answer on its way. */
export const WIRE_FAULTS = [
  /** No answer ever comes. */
  'hang',
  /** The headers come, the body never. The request has had its effect. */
  'hang-after-headers',
  /** The connection breaks before the request has any effect. */
  'reset',
  /** The connection breaks after the request has had its effect: a submit has created its job. */
  'reset-after',
  /** More bytes are announced than come. */
  'truncated-body',
  'malformed-json',
  'null-body',
  'empty-body',
  /** The right body, called text/plain. */
  'wrong-content-type',
  /** An HTML page of the load balancer without any fal header. */
  'ingress-html-502',
  'ingress-html-503',
  'ingress-html-504',
  /** Several megabytes of padding in the JSON. */
  'huge-body',
  /** One byte per second. */
  'slow-loris',
  /** One of the errors of `ERROR_TABLE`, given as `errorType`; no job comes to be. */
  'error',
] as const;

export type WireFault = (typeof WIRE_FAULTS)[number];

/** Breaks the answers that match it. The first rule that strikes decides. */
export interface WireRule {
  readonly fault: WireFault;
  /** For the fault `error`. */
  readonly errorType?: string | undefined;
  /** fal hosts; all but the control API by default. */
  readonly hosts?: readonly string[] | undefined;
  readonly steps?: readonly Step[] | undefined;
  /** Only requests about this endpoint, polls of its jobs included. */
  readonly endpointId?: string | undefined;
  /** Share of the requests, 0–1. All by default. */
  readonly rate?: number | undefined;
  /** Strikes this often and then no more. */
  readonly times?: number | undefined;
  /** Leaves a submit alone that repeats one whose answer was lost. */
  readonly sparesRepeats?: boolean | undefined;
}
