import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One call that came in. */
export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A webhook on loopback that takes everything. */
export interface HttpSink {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  stop(): Promise<void>;
}

/** Starts it. Answers 200 and "ok", which is what Slack and Discord answer, and what Alertmanager expects of them. */
export async function startHttpSink(): Promise<HttpSink> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        deliveries.push({ path: request.url ?? '', headers: request.headers, body });
        response.setHeader('content-type', 'text/plain');
        response.end('ok');
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
