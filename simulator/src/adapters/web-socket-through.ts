type WebSocketConstructor = typeof globalThis.WebSocket;

/**
 * A `WebSocket` class that takes the way through a simulator's port: `wss://fal.run/…` becomes
 * `ws://127.0.0.1:4321/fal.run/…`. The client has no option for its socket, so this goes in place of the global one.
 *
 * @param serverUrl what `listen` gave back, for example `http://127.0.0.1:4321`.
 * @param Base the class that opens the connection.
 */
export function webSocketThrough(
  serverUrl: string,
  Base: WebSocketConstructor = globalThis.WebSocket,
): WebSocketConstructor {
  const base = serverUrl.replace(/^http/, 'ws').replace(/\/+$/, '');
  return class WebSocket extends Base {
    constructor(url: string | URL, ...rest: unknown[]) {
      const { host, pathname, search } = new URL(url);
      super(`${base}/${host}${pathname}${search}`, ...(rest as []));
    }
  };
}
