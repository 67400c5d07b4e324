import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { maxBodyBytes } from '../front-door.ts';
import type { Reply, SimulatedRequest } from '../reply.ts';
import type { SimulatorServer } from '../simulator.ts';
import { readBody } from './request-body.ts';
import { requestOf } from './request-of.ts';
import { sendReply } from './send-reply.ts';
import { targetOf } from './target.ts';
import { Upgrades, isForWebSocket } from './upgrades.ts';
import type { Visits } from './visits.ts';

export interface ListenParts {
  readonly answer: (request: SimulatedRequest) => Promise<Reply>;
  readonly visits: Visits;
  readonly rootPage: () => string;
}

/**
 * Serves every host on one port, WebSockets included; on the loopback interface and a free port unless told otherwise.
 *
 * @throws the error of `listen`, such as EADDRINUSE.
 */
export async function listen(
  parts: ListenParts,
  where: { readonly host?: string; readonly port?: number },
): Promise<SimulatorServer> {
  const { host = '127.0.0.1', port = 0 } = where;
  const upgrades = new Upgrades(parts);
  // Without the option, Node hands over callers who would take HTTP/2 as well, body and all.
  const server = createServer({ shouldUpgradeCallback: isForWebSocket }, (message, response) => {
    serve(parts, message, response).catch(() => message.socket.destroy());
  });
  server.on('upgrade', (message, socket, head) => upgrades.take(message, socket as Socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, close: () => closeAtOnce(server, upgrades) };
}

async function closeAtOnce(server: Server, upgrades: Upgrades): Promise<void> {
  if (!server.listening) return;
  upgrades.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(parts: ListenParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = targetOf(message);
  if (target.kind !== 'host') {
    sendText(response, target.kind === 'root' ? 200 : 404, parts.rootPage());
    return;
  }
  const body = await readBody(message, maxBodyBytes(target.host));
  const visit = parts.visits.open();
  response.once('close', () => {
    if (response.writableFinished) visit.finish();
    else visit.leave(new Error('the caller closed the connection'));
  });
  visit.signal.addEventListener('abort', () => message.socket.destroy(), { once: true });
  const reply = await Promise.race([
    parts.answer(requestOf(message, target, { body, signal: visit.signal })),
    visit.broken,
  ]);
  await sendReply(reply, response, visit.signal);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
