/** What a request is for, as far as its host, method and path tell. */
export type Step =
  | 'run'
  | 'stream'
  | 'realtime'
  | 'submit'
  | 'status'
  | 'status-stream'
  | 'result'
  | 'cancel'
  | 'token'
  | 'upload'
  | 'media'
  | 'platform'
  | 'status-page'
  | 'control'
  | 'other';

/**
 * What may happen to an answer on its way. A realtime socket is struck when it opens: what spoils bodies elsewhere
 * spoils its messages, and what cannot be said of a message leaves it alone.
 */
export const WIRE_FAULTS = [
  /** No answer ever comes. */
  'hang',
  /** The headers come, the body never. The request has had its effect. A socket opens and stays silent. */
  'hang-after-headers',
  /** The connection breaks before the request has any effect. */
  'reset',
  /** The connection breaks after the request has had its effect: a submit has created its job. */
  'reset-after',
  /** More bytes are announced than come; a stream breaks off after its first event, a socket in place of its first message (1006). */
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
  /** One byte per second; each message of a socket 10 s late. */
  'slow-loris',
  /** A stream sends its first event and then nothing, and stays open. A socket sends nothing at all. */
  'silence',
  /** A stream ends in good order after its first event, a socket in place of its first message (1000). */
  'early-end',
  /** The second event of a stream is no JSON, the first message of a socket neither; the rest is. */
  'invalid-event',
  /** A comment every five seconds in a stream, as proxies and servers send to keep it open. Harmless. */
  'heartbeats',
  /** A socket is closed with 1011, an internal error, in place of its first message. */
  'close-1011',
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
