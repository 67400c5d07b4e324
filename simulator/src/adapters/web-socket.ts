import { maxBodyBytes } from '../front-door.ts';
import { hostOf } from '../hosts.ts';
import type { Reply, SimulatedRequest, SocketMessage, SocketReply, SocketSession } from '../reply.ts';
import type { Visit, Visits } from './visits.ts';
import { SocketCloseEvent, SocketEventTarget } from './web-socket-events.ts';

export interface WebSocketParts {
  readonly answer: (request: SimulatedRequest) => Promise<Reply>;
  readonly visits: Visits;
}

/** A class to put in place of the global `WebSocket`. */
export interface WebSocketClass {
  new (url: string | URL, protocols?: string | string[]): SimulatedWebSocket;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
}

/** A `WebSocket` class that reaches the simulated hosts without a port. */
export function createWebSocketClass(parts: WebSocketParts): WebSocketClass {
  return class WebSocket extends SimulatedWebSocket {
    constructor(url: string | URL) {
      super(parts, url);
    }
  };
}

const NO_STATUS = 1005;
const TOO_BIG = 1009;
const MAX_MESSAGE_BYTES = maxBodyBytes('fal.run');
const BROKEN = { code: 1006, reason: '', wasClean: false };

/**
 * A WebSocket as Node's own: same states, same events in the same order, `Blob` for binary messages unless
 * `binaryType` says otherwise. A handshake that fails is an `error` and a `close` with code 1006, whatever the reason.
 */
export class SimulatedWebSocket extends SocketEventTarget {
  static readonly CONNECTING = 0 as const;
  static readonly OPEN = 1 as const;
  static readonly CLOSING = 2 as const;
  static readonly CLOSED = 3 as const;
  readonly CONNECTING = 0 as const;
  readonly OPEN = 1 as const;
  readonly CLOSING = 2 as const;
  readonly CLOSED = 3 as const;
  readonly url: string;
  readonly protocol = '';
  readonly extensions = '';
  readonly bufferedAmount = 0;
  binaryType: 'blob' | 'arraybuffer' = 'blob';
  readonly #visit: Visit;
  readonly #origin: string;
  #state: 0 | 1 | 2 | 3 = 0;
  #session: SocketSession | undefined;
  /** Whatever goes in either direction takes its turn here, so that nothing overtakes and nobody is re-entered. */
  #line: Promise<void>;

  /** @throws DOMException (SyntaxError) for a URL that is none, has a fragment, or is not for a WebSocket. */
  constructor(parts: WebSocketParts, url: string | URL) {
    super();
    const parsed = parsedUrl(url);
    this.url = parsed.href;
    this.#origin = parsed.origin;
    this.#visit = parts.visits.open();
    const broken = (): void => queueMicrotask(() => this.#over(BROKEN));
    this.#visit.signal.addEventListener('abort', broken, { once: true });
    this.#line = this.#open(parts, parsed);
  }

  get readyState(): 0 | 1 | 2 | 3 {
    return this.#state;
  }

  /** @throws DOMException (InvalidStateError) before the socket is open. After its end the message is lost. */
  send(data: string | Blob | ArrayBuffer | ArrayBufferView): void {
    if (this.#state === 0) throw new DOMException('Sent before connected.', 'InvalidStateError');
    if (this.#state !== 1) return;
    const message = messageOf(data);
    this.#then(async () => this.#pass(await message));
  }

  /** @throws DOMException (InvalidAccessError) for a code that applications may not use. */
  close(code?: number, reason = ''): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException('invalid code', 'InvalidAccessError');
    }
    const before = this.#state;
    if (before > 1) return;
    this.#state = 2;
    if (before === 0) {
      this.#visit.leave(new Error('the caller closed the socket before it was open'));
      return;
    }
    const end = { code: code ?? NO_STATUS, reason, wasClean: true };
    this.#then(() => this.#over(end));
  }

  async #open(parts: WebSocketParts, url: URL): Promise<void> {
    // A tick, so that the caller can set its handlers.
    await Promise.resolve();
    const host = hostOf(url.hostname);
    const request = host === undefined ? undefined : requestOf(url, host, this.#visit.signal);
    const reply =
      request === undefined
        ? undefined
        : await Promise.race([parts.answer(request), this.#visit.broken]).catch(() => undefined);
    if (this.#state !== 0) return;
    if (reply?.kind === 'socket') this.#accept(reply);
    else if (reply?.kind === 'hang') await this.#visit.broken.catch(() => undefined);
    else this.#over(BROKEN);
  }

  #accept(reply: SocketReply): void {
    this.#state = 1;
    this.#session = reply.accept({
      send: (message) => this.#then(() => this.#deliver(message)),
      close: (code, reason) => this.#then(() => this.#over({ code, reason, wasClean: true })),
      cut: () => this.#then(() => this.#over(BROKEN)),
    });
    this.dispatchEvent(new Event('open'));
  }

  #then(step: () => void | Promise<void>): void {
    this.#line = this.#line.then(step);
  }

  #pass(message: SocketMessage): void {
    if (sizeOf(message) > MAX_MESSAGE_BYTES) this.#over({ code: TOO_BIG, reason: '', wasClean: true });
    else this.#session?.receive(message);
  }

  #deliver(message: SocketMessage): void {
    if (this.#state !== 1) return;
    const data = typeof message === 'string' ? message : this.#binary(message);
    this.dispatchEvent(new MessageEvent('message', { data, origin: this.#origin }));
  }

  #binary(message: Uint8Array): Blob | ArrayBuffer {
    const bytes = Uint8Array.from(message);
    return this.binaryType === 'blob' ? new Blob([bytes]) : bytes.buffer;
  }

  #over(end: { readonly code: number; readonly reason: string; readonly wasClean: boolean }): void {
    if (this.#state === 3) return;
    this.#state = 3;
    this.#visit.finish();
    this.#session?.closed(end.code);
    if (!end.wasClean) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(new SocketCloseEvent(end));
  }
}

function parsedUrl(text: string | URL): URL {
  const url = URL.canParse(String(text)) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') {
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  }
  if (url?.hash !== '' || !/^wss?:$/.test(url.protocol)) {
    throw new DOMException(`not the URL of a WebSocket: ${String(text).split('?')[0] ?? ''}`, 'SyntaxError');
  }
  return url;
}

function requestOf(url: URL, host: string, signal: AbortSignal): SimulatedRequest {
  return {
    method: 'GET',
    host,
    path: url.pathname,
    query: url.searchParams,
    headers: new Map([
      ['connection', 'Upgrade'],
      ['upgrade', 'websocket'],
      ['sec-websocket-version', '13'],
    ]),
    body: new Uint8Array(),
    signal,
  };
}

function sizeOf(message: SocketMessage): number {
  return typeof message === 'string' ? Buffer.byteLength(message) : message.byteLength;
}

/** A copy, because the caller may go on writing into its buffer. */
function messageOf(
  data: string | Blob | ArrayBuffer | ArrayBufferView,
): SocketMessage | Promise<SocketMessage> {
  if (typeof data === 'string') return data;
  if (data instanceof Blob) return data.arrayBuffer().then((buffer) => new Uint8Array(buffer));
  return data instanceof ArrayBuffer
    ? new Uint8Array(data.slice(0))
    : Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
