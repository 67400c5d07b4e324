import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { compare } from 'bcryptjs';
import { BasicAuth, type ComparePassword } from './basic-auth.ts';
import { certificatePolicy, isWelcome } from './client-certificate.ts';
import { exposureWarnings } from './exposure.ts';
import { type FileSystem, machineFiles } from './file-system.ts';
import { Gate } from './gate.ts';
import { type ListenAddress, ListenError, hostAndPort } from './listen-error.ts';
import { type Reply, oneLine, textReply } from './reply.ts';
import type { Route } from './route.ts';
import { type RouteOptions, answer, createRoutes } from './routes.ts';
import { send } from './send.ts';
import { type TlsSettings, type WebConfig, WebConfigFile } from './web-config.ts';

export interface HttpServerOptions extends RouteOptions {
  readonly listen: ListenAddress;
  /** A web configuration file of the Prometheus exporter toolkit: TLS, login, headers, rate. */
  readonly webConfigFile?: string | undefined;
  /** Told of a web configuration that broke while running, once per problem; for the log. */
  readonly onProblem?: ((message: string) => void) | undefined;
  readonly files?: FileSystem | undefined;
  readonly comparePassword?: ComparePassword | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
}

/** Milliseconds, bytes and counts that keep one bad client from hurting the others. */
export interface ServerLimits {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly connectionsCheckingMs: number;
  readonly keepAliveMs: number;
  /** A connection on which nothing moves, such as a reader that does not read. */
  readonly idleMs: number;
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
  /** How long `close` waits for a running answer. */
  readonly closeGraceMs: number;
}

/** With these a slow-header attack ends after 6 s; Node.js's own defaults need 84 s. */
const LIMITS: ServerLimits = {
  headersTimeoutMs: 5000,
  requestTimeoutMs: 10_000,
  connectionsCheckingMs: 1000,
  keepAliveMs: 5000,
  idleMs: 30_000,
  maxHeaderBytes: 8192,
  maxConnections: 50,
  closeGraceMs: 700,
};

/** Where the server listens now. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** For people: to click on. */
  readonly url: string;
  /** What the operator should hear; empty when all is well. */
  readonly warnings: readonly string[];
}

/** The exporter's own HTTP endpoint. */
export interface HttpServer {
  /** Rejects with a ListenError or a WebConfigError. */
  start(): Promise<Listening>;
  /** Ends within a second: a running answer may finish, then every connection is cut. Never rejects. */
  close(): Promise<void>;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const running = new RunningServer(options);
  return { start: () => running.start(), close: () => running.close() };
}

class RunningServer {
  readonly #options: HttpServerOptions;
  readonly #limits: ServerLimits;
  readonly #gate: Gate;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #tlsInForce: TlsSettings | undefined;
  #answering = 0;
  #isClosing = false;
  #onQuiet: (() => void) | undefined;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    const { webConfigFile, files = machineFiles, comparePassword = compare, onProblem } = options;
    this.#gate = new Gate({
      clock: options.clock,
      auth: new BasicAuth(comparePassword),
      file: webConfigFile === undefined ? undefined : new WebConfigFile(webConfigFile, files),
      onProblem: (message) => onProblem?.(message),
    });
    this.#routes = createRoutes(options);
  }

  async start(): Promise<Listening> {
    const config = this.#gate.open();
    const server = this.#createServer(config);
    this.#server = server;
    server.maxConnections = this.#limits.maxConnections;
    server.timeout = this.#limits.idleMs;
    await this.#listen(server);
    const { port } = server.address() as AddressInfo;
    const address = { host: this.#options.listen.host, port };
    const scheme = config?.tls === undefined ? 'http' : 'https';
    return {
      ...address,
      url: `${scheme}://${hostAndPort({ ...address, host: clickableHost(address.host) })}`,
      warnings: exposureWarnings(address, config),
    };
  }

  #listen(server: Server): Promise<void> {
    const { listen } = this.#options;
    return new Promise((resolve, reject) => {
      server.once('error', (error) => reject(new ListenError(listen, error)));
      server.listen({ host: listen.host, port: listen.port }, () => {
        server.removeAllListeners('error');
        // Out of file descriptors and the like: the next connection may succeed, the exporter must live on.
        server.on('error', (error) => this.#options.onProblem?.(`HTTP server: ${oneLine(error)}`));
        resolve();
      });
    });
  }

  #createServer(config: WebConfig | undefined): Server {
    const limits = this.#limits;
    const settings = {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.connectionsCheckingMs,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: limits.maxHeaderBytes,
    };
    const handle = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#handle(request, response);
    const server =
      config?.tls === undefined
        ? createPlainServer(settings, handle)
        : this.#secure(
            createTlsServer({ ...settings, ...config.tls.context, ...certificatePolicy(config.tls) }, handle),
            config.tls,
          );
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    return server;
  }

  /** Certificates are renewed while we run: each new connection gets the ones on disk. */
  #secure(server: ReturnType<typeof createTlsServer>, atStart: TlsSettings): Server {
    this.#tlsInForce = atStart;
    server.prependListener('connection', () => {
      const tls = this.#gate.current()?.tls;
      if (tls === undefined || tls === this.#tlsInForce) return;
      server.setSecureContext(tls.context);
      this.#tlsInForce = tls;
    });
    server.prependListener('secureConnection', (socket: TLSSocket) => {
      if (this.#tlsInForce !== undefined && !isWelcome(socket, this.#tlsInForce)) socket.destroy();
    });
    return server;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#answering += 1;
    response.once('close', () => {
      this.#answering -= 1;
      if (this.#answering === 0) this.#onQuiet?.();
    });
    // A client that goes away in the middle is its own affair.
    response.on('error', () => response.destroy());
    try {
      const admission = await this.#gate.admit(request.headers.authorization);
      const reply = admission.admitted ? await this.#reply(request) : admission.reply;
      send(request, response, { reply, extraHeaders: admission.headers, isClosing: this.#isClosing });
    } catch (error) {
      const reply = textReply(500, `This request failed: ${oneLine(error)}`);
      send(request, response, { reply, extraHeaders: {}, isClosing: true });
    }
  }

  #reply(request: IncomingMessage): Promise<Reply> | Reply {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return textReply(405, 'Only GET and HEAD are served.', { allow: 'GET, HEAD' });
    }
    return answer(this.#routes, { target: request.url ?? '/', headers: request.headers });
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if (this.#answering > 0) await this.#quietOrLate();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #quietOrLate(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(this.#limits.closeGraceMs, resolve);
      this.#onQuiet = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** Nobody can open 0.0.0.0 in a browser everywhere. */
function clickableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' || host === '' ? 'localhost' : host;
}
