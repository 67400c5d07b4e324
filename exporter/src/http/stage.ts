import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { systemClock } from '../domain/clock.ts';
import { RunbookShelf } from '../runbooks/shelf.ts';
import { SCENES } from '../status/scene-book.ts';
import { type HttpServer, type HttpServerOptions, type Listening, createHttpServer } from './server.ts';

/** A server on a free port, for tests; closed by `close`. */
export interface StagedServer extends Listening {
  readonly server: HttpServer;
  close(): Promise<void>;
}

export async function stagedServer(options: Partial<HttpServerOptions> = {}): Promise<StagedServer> {
  const server = createHttpServer({
    clock: systemClock,
    renderMetrics: () =>
      Promise.resolve({
        status: 200,
        headers: { 'Content-Type': 'text/plain; version=0.0.4' },
        body: 'fal_exporter_build_info 1\n',
      }),
    status: () => {
      const scene = SCENES['one-model-down'];
      if (scene === undefined) throw new Error('the scene book lost a scene');
      return scene();
    },
    readiness: () => ({ ready: true }),
    runbooks: new RunbookShelf(),
    listen: { host: '127.0.0.1', port: 0 },
    ...options,
  });
  const listening = await server.start();
  return { ...listening, server, close: () => server.close() };
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request over a connection of its own, without following or decoding anything. */
export function ask(url: string, options: RequestOptions = {}): Promise<Answered> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, { agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
      response.on('error', reject);
    });
    request.on('error', reject).end();
  });
}

export function login(user: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
