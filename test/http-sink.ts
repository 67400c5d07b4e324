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

/** What it answers, always with status 200. */
export interface SinkAnswer {
  readonly contentType: string;
  readonly body: string;
}

/** What Slack and Discord answer, and what Alertmanager expects of them. */
const OK: SinkAnswer = { contentType: 'text/plain', body: 'ok' };

/** What a collector of OTLP in JSON answers when it took everything. */
export const OTLP_TAKEN: SinkAnswer = { contentType: 'application/json', body: '{}' };

/** Starts it. */
export async function startHttpSink(answer: SinkAnswer = OK): Promise<HttpSink> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        deliveries.push({ path: request.url ?? '', headers: request.headers, body });
        response.setHeader('content-type', answer.contentType);
        response.end(answer.body);
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
