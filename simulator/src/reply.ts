/**
 * What a simulated host does with one request. Handlers return this instead of writing to a socket, so that
 * the same handler serves `simulator.fetch()` (a function call, no port) and a real HTTP server, and so that
 * faults of the wire (hang, reset, truncation) are values like any other answer.
 */
export type Reply =
  | HttpReply
  | SocketReply
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

/** The connection becomes a WebSocket. Nothing has happened until `accept` is called. */
export interface SocketReply {
  readonly kind: 'socket';
  readonly requestId: string;
  /** Starts the conversation; called once, when the caller's end is ready. */
  readonly accept: (peer: SocketPeer) => SocketSession;
}

/** One message: text, or bytes. */
export type SocketMessage = string | Uint8Array;

/** The caller's end of a WebSocket, whichever road it came by. After its end, everything is ignored. */
export interface SocketPeer {
  send(message: SocketMessage): void;
  /** Ends with a close frame. */
  close(code: number, reason: string): void;
  /** Breaks the connection without one, which the caller sees as 1006. */
  cut(): void;
}

/** The host's end. */
export interface SocketSession {
  receive(message: SocketMessage): void;
  /**
   * Called once when the connection is over, with the code that both ends agreed on, or 1006.
   *
   * @param isByWire neither end wanted it, whatever the code says.
   */
  closed(code: number, isByWire?: boolean): void;
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
export function originOf(request: Pick<SimulatedRequest, 'reachedThrough'>, host: string): string {
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
