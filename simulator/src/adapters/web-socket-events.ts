/** How a WebSocket ended. Node has such a class of its own from version 23 on only. */
export class SocketCloseEvent extends Event {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;

  constructor(end: { readonly code: number; readonly reason: string; readonly wasClean: boolean }) {
    super('close');
    this.code = end.code;
    this.reason = end.reason;
    this.wasClean = end.wasClean;
  }
}

/** What a handler attribute such as `onmessage` may hold. */
export type SocketHandler = ((event: never) => unknown) | null;

const TYPES = ['open', 'message', 'error', 'close'] as const;

/** An event target with the four handler attributes of a WebSocket. */
export class SocketEventTarget extends EventTarget {
  readonly #handlers = new Map<(typeof TYPES)[number], SocketHandler>();

  constructor() {
    super();
    for (const type of TYPES) {
      this.addEventListener(type, (event) => this.#handlers.get(type)?.call(this, event as never));
    }
  }

  get onopen(): SocketHandler {
    return this.#handlers.get('open') ?? null;
  }

  set onopen(handler: SocketHandler) {
    this.#handlers.set('open', handler);
  }

  get onmessage(): SocketHandler {
    return this.#handlers.get('message') ?? null;
  }

  set onmessage(handler: SocketHandler) {
    this.#handlers.set('message', handler);
  }

  get onerror(): SocketHandler {
    return this.#handlers.get('error') ?? null;
  }

  set onerror(handler: SocketHandler) {
    this.#handlers.set('error', handler);
  }

  get onclose(): SocketHandler {
    return this.#handlers.get('close') ?? null;
  }

  set onclose(handler: SocketHandler) {
    this.#handlers.set('close', handler);
  }
}
