/**
 * What a simulated host does with one request. Handlers return this instead of writing to a socket, so that
 * the same handler serves `simulator.fetch()` (a function call, no port) and a real HTTP server, and so that
 * faults of the wire (hang, reset, truncation) are values like any other answer.
 */
export type Reply =
  | HttpReply
  /** Never answers. `after` says how far the answer got before it stopped. */
  | { readonly kind: 'hang'; readonly after: 'nothing' | 'headers' }
  /** The connection breaks. */
  | { readonly kind: 'reset' };

export interface HttpReply {
  readonly kind: 'http';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, bytes, or chunks over time (SSE, slow answers). */
  readonly body: string | Uint8Array | AsyncIterable<string>;
  /** Announce more bytes than are sent and then cut the connection. */
  readonly truncated?: boolean | undefined;
}

/** One request as a host sees it, whichever road it came by. */
export interface SimulatedRequest {
  readonly method: string;
  /** The fal host that was meant, for example `queue.fal.run`. */
  readonly host: string;
  /** Path without the host, starting with a slash, percent-encoding kept. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** Aborts when the caller went away. */
  readonly signal: AbortSignal;
  /**
   * Base URL of the local server that the request came through, without a trailing slash; absent when the caller
   * used fal's own host names. Answers that contain URLs build them with `originOf`.
   */
  readonly reachedThrough?: string | undefined;
}

/** Answers every request to one simulated host. */
export type HostHandler = (request: SimulatedRequest) => Reply | Promise<Reply>;

/**
 * The origin under which this caller reaches `host`: `https://queue.fal.run`, or
 * `http://127.0.0.1:4321/queue.fal.run` for a caller of the local server. URLs in answers start with it, so that
 * a client that follows them (Python, upload `PUT`s) stays inside the simulator.
 */
export function originOf(request: SimulatedRequest, host: string): string {
  return request.reachedThrough === undefined ? `https://${host}` : `${request.reachedThrough}/${host}`;
}

/** A JSON answer. */
export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  return {
    kind: 'http',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
