import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { maxBodyBytes } from '../front-door.ts';
import type { Reply, SimulatedRequest, SocketReply } from '../reply.ts';
import { requestOf } from './request-of.ts';
import { sendReply } from './send-reply.ts';
import { targetOf } from './target.ts';
import type { Visits } from './visits.ts';

export interface UpgradesParts {
  readonly answer: (request: SimulatedRequest) => Promise<Reply>;
  readonly visits: Visits;
}

/** Whether a request asks for a WebSocket rather than for another protocol, such as HTTP/2 without TLS. */
export function isForWebSocket(message: IncomingMessage): boolean {
  return message.headers.upgrade?.toLowerCase() === 'websocket';
}

/** The WebSockets of one server, from their handshakes on. */
export class Upgrades {
  readonly #parts: UpgradesParts;
  readonly #sockets = new Set<Socket>();
  readonly #handshakes = new WebSocketServer({ noServer: true, maxPayload: maxBodyBytes('fal.run') });

  constructor(parts: UpgradesParts) {
    this.#parts = parts;
  }

  /** Answers a handshake: with a WebSocket, with a refusal in plain HTTP, or with what the wire does instead. */
  take(message: IncomingMessage, socket: Socket, head: Buffer): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    this.#serve(message, socket, head).catch(() => socket.destroy());
  }

  /** Breaks every connection. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #serve(message: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const response = responseOn(socket, message);
    const target = targetOf(message);
    if (target.kind !== 'host' || !isForWebSocket(message)) {
      refuse(response);
      return;
    }
    const visit = this.#parts.visits.open();
    socket.once('close', () => visit.leave(new Error('the caller closed the connection')));
    visit.signal.addEventListener('abort', () => socket.destroy(), { once: true });
    const request = requestOf(message, target, { body: new Uint8Array(), signal: visit.signal });
    const reply = await Promise.race([this.#parts.answer(request), visit.broken]);
    if (reply.kind !== 'socket') {
      await sendReply(reply, response, visit.signal);
      return;
    }
    response.detachSocket(socket);
    this.#handshakes.handleUpgrade(message, socket, head, (webSocket) => join(webSocket, reply));
  }
}

function responseOn(socket: Socket, message: IncomingMessage): ServerResponse {
  const response = new ServerResponse(message);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.end());
  return response;
}

function refuse(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('expected the handshake of a WebSocket under the path of a fal host, such as /fal.run/\n');
}

function join(webSocket: WebSocket, reply: SocketReply): void {
  const session = reply.accept({
    send: (data) => webSocket.send(data),
    close: (code, reason) => webSocket.close(code, reason),
    cut: () => webSocket.terminate(),
  });
  webSocket.on('message', (data: Buffer, isBinary: boolean) => {
    session.receive(isBinary ? Uint8Array.from(data) : data.toString('utf8'));
  });
  webSocket.once('close', (code) => session.closed(code));
  // What goes wrong ends in `close`, which tells the session.
  webSocket.on('error', () => undefined);
}
