import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../domain/clock.ts';
import { RunbookShelf } from '../runbooks/shelf.ts';
import { ListenError } from './listen-error.ts';
import type { MetricsRequest } from './scrape.ts';
import { type HttpServerOptions, createHttpServer } from './server.ts';
import { type StagedServer, ask, stagedServer } from './stage.ts';

const open: { close(): Promise<void> }[] = [];

async function serve(options: Partial<HttpServerOptions> = {}): Promise<StagedServer> {
  const server = await stagedServer(options);
  open.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** Sends raw bytes and gives back what came until the server hung up. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (piece: string) => (received += piece));
    socket.on('close', () => resolve(received)).on('error', reject);
  });
}

describe('the routes', () => {
  it('serve the page, the metrics, both health checks and the health of fal', async () => {
    const { url } = await serve();
    expect((await ask(`${url}/`)).body).toContain('kling-video/v2.1/master/text-to-video');
    expect((await ask(`${url}/metrics`)).body).toBe('fal_exporter_build_info 1\n');
    expect((await ask(`${url}/-/healthy`)).status).toBe(200);
    expect((await ask(`${url}/-/ready`)).status).toBe(200);
    const health = await ask(`${url}/health/fal`);
    expect(health.status).toBe(503);
    expect(JSON.parse(health.body)).toMatchObject({ status: 'unhealthy' });
  });

  it('answer for one endpoint, and help when it is not known', async () => {
    const { url } = await serve();
    const good = await ask(`${url}/health/fal?endpoint_id=fal-ai/flux/schnell`);
    expect(good.status).toBe(200);
    expect(JSON.parse(good.body)).toMatchObject({ status: 'healthy', endpoint_id: 'fal-ai/flux/schnell' });
    const typo = await ask(`${url}/health/fal?endpoint_id=fal-ai%2Fflux%2Fschnel`);
    expect(typo.status).toBe(404);
    expect(JSON.parse(typo.body)).toMatchObject({ nearest: 'fal-ai/flux/schnell' });
  });

  it('say 503 and what is missing until the exporter is ready', async () => {
    const { url } = await serve({
      readiness: () => ({ ready: false, reason: 'the state file is being read' }),
    });
    const answer = await ask(`${url}/-/ready`);
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('the state file is being read');
  });

  it('list the paths when a path is unknown, and match paths exactly', async () => {
    const { url } = await serve();
    for (const path of ['/nothing', '/metrics/', '//metrics', '/%6Detrics', '/metrics/../metrics']) {
      const answer = await ask(url, { path });
      expect(answer.status, path).toBe(404);
      expect(answer.body).toContain('/metrics\n');
    }
    expect((await ask(`${url}/metrics?name[]=up`)).status).toBe(200);
    expect((await ask(url, { path: 'http://elsewhere.example/metrics' })).status).toBe(200);
  });

  it('refuse every method but GET and HEAD', async () => {
    const { url } = await serve();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
      const answer = await ask(`${url}/metrics`, { method });
      expect(answer.status, method).toBe(405);
      expect(answer.headers.allow).toBe('GET, HEAD');
    }
  });

  it('give HEAD the headers of GET without the body', async () => {
    const { url } = await serve();
    const get = await ask(`${url}/metrics`);
    const head = await ask(`${url}/metrics`, { method: 'HEAD' });
    expect(head.body).toBe('');
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
  });

  it('stop the refreshing of the page when asked', async () => {
    const { url } = await serve();
    expect((await ask(`${url}/`)).body).toContain('http-equiv="refresh"');
    expect((await ask(`${url}/?refresh=off`)).body).not.toContain('http-equiv="refresh"');
  });

  it('carry headers that keep caches, frames and scripts out', async () => {
    const { url } = await serve();
    for (const path of ['/', '/metrics', '/nothing', '/health/fal']) {
      const { headers } = await ask(url + path);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers.vary).toContain('Accept-Encoding');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('script');
    }
  });

  it('survive any request target', async () => {
    const { url, port } = await serve();
    const target = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replace(/[\r\n]/g, ''));
    await fc.assert(
      fc.asyncProperty(target, async (text) => {
        await raw(port, `GET /${text} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      }),
      { numRuns: 60 },
    );
    await raw(port, 'CONNECT evil:443 HTTP/1.1\r\nHost: evil\r\n\r\n');
    await raw(port, 'nonsense\r\n\r\n');
    expect((await ask(`${url}/-/healthy`)).status).toBe(200);
  });
});

describe('a scrape', () => {
  it('hands on what the scraper accepts', async () => {
    const seen: MetricsRequest[] = [];
    const { url } = await serve({
      renderMetrics: (request) => {
        seen.push(request);
        return Promise.resolve({ status: 200, body: new Uint8Array([35, 10]) });
      },
    });
    await ask(`${url}/metrics`, { headers: { accept: 'text/plain', 'accept-encoding': 'gzip' } });
    expect(seen).toEqual([{ accept: 'text/plain', acceptEncoding: 'gzip' }]);
  });

  it('answers 500 with one line when the collection fails', async () => {
    const { url } = await serve({
      renderMetrics: () => Promise.reject(new Error('the store is broken\nat secret stack')),
    });
    const answer = await ask(`${url}/metrics`);
    expect(answer.status).toBe(500);
    expect(answer.body).toBe('Collecting the metrics failed: the store is broken\n');
  });

  it('answers 500 when a page throws, and goes on', async () => {
    const { url } = await serve({
      status: () => {
        throw new TypeError('no view');
      },
    });
    expect((await ask(`${url}/`)).body).toBe('This request failed: no view\n');
    expect((await ask(`${url}/-/healthy`)).status).toBe(200);
  });

  it('is turned away when forty are in flight', async () => {
    const gate = Promise.withResolvers<{ status: number; body: string }>();
    let started = 0;
    const all = Promise.withResolvers<undefined>();
    const { url } = await serve({
      renderMetrics: () => {
        started += 1;
        if (started === 40) all.resolve(undefined);
        return gate.promise;
      },
    });
    const running = Array.from({ length: 40 }, () => ask(`${url}/metrics`));
    await all.promise;
    const late = await ask(`${url}/metrics`);
    expect(late.status).toBe(503);
    expect(late.headers['retry-after']).toBe('5');
    gate.resolve({ status: 200, body: 'ok\n' });
    expect((await Promise.all(running)).every(({ status }) => status === 200)).toBe(true);
    expect((await ask(`${url}/metrics`)).status).toBe(200);
  });
});

describe('a bad client', () => {
  it('that sends its headers drop by drop is cut off with 408', async () => {
    const { port } = await serve({
      limits: { headersTimeoutMs: 60, requestTimeoutMs: 120, connectionsCheckingMs: 20 },
    });
    expect(await raw(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toContain('408 Request Timeout');
  });

  it('that sends 9 KB of headers gets 431', async () => {
    const { port } = await serve();
    const text = await raw(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(9216)}\r\n\r\n`);
    expect(text).toContain('431');
  });

  it('that opens more connections than allowed loses them', async () => {
    const { port, url } = await serve({ limits: { maxConnections: 1 } });
    const first = connect(port, '127.0.0.1');
    await new Promise((resolve) => first.once('connect', resolve));
    await expect(ask(`${url}/-/healthy`)).rejects.toThrow(/socket hang up|ECONNRESET/);
    first.destroy();
  });

  it('that sends a body gets its answer and no second chance on this connection', async () => {
    const { port } = await serve();
    const text = await raw(port, 'GET /-/healthy HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc');
    expect(text).toContain('200 OK');
    expect(text.toLowerCase()).toContain('connection: close');
  });
});

describe('starting and stopping', () => {
  it('tells who holds the port and which key to change when the port is in use', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const attempt = stagedServer({ listen: { host: '127.0.0.1', port } });
    await expect(attempt).rejects.toThrow(ListenError);
    await expect(attempt).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(attempt).rejects.toThrow(
      new RegExp(`127\\.0\\.0\\.1:${port}.*sport = :${port}.*\`listen\``),
    );
    await new Promise((resolve) => holder.close(resolve));
  });

  it('explains an address that this machine does not have', async () => {
    const attempt = stagedServer({ listen: { host: '192.0.2.1', port: 10464 } });
    await expect(attempt).rejects.toThrow(/no address 192\.0\.2\.1/);
  });

  it('warns when the world can read the pages, and not on loopback', async () => {
    const world = await serve({ listen: { host: '0.0.0.0', port: 0 } });
    expect(world.warnings).toHaveLength(1);
    expect(world.warnings[0]).toMatch(/without TLS and without login/);
    expect(world.url).toBe(`http://localhost:${world.port}`);
    expect((await serve()).warnings).toEqual([]);
  });

  it('lets a running scrape end, and cuts idle connections at once', async () => {
    const gate = Promise.withResolvers<{ status: number; body: string }>();
    const started = Promise.withResolvers<undefined>();
    const { url, port, server } = await serve({
      renderMetrics: () => {
        started.resolve(undefined);
        return gate.promise;
      },
    });
    const idle = raw(port, '');
    const scrape = ask(`${url}/metrics`);
    await started.promise;
    const closing = server.close();
    gate.resolve({ status: 200, body: 'the end\n' });
    expect(await scrape).toMatchObject({ status: 200, body: 'the end\n' });
    await closing;
    expect(await idle).toBe('');
  });

  it('does not wait for a scrape that hangs', async () => {
    const started = Promise.withResolvers<undefined>();
    const { url, server } = await serve({
      limits: { closeGraceMs: 20 },
      renderMetrics: () => {
        started.resolve(undefined);
        return new Promise<never>(() => undefined);
      },
    });
    const scrape = ask(`${url}/metrics`);
    const lost = expect(scrape).rejects.toThrow(/socket hang up|ECONNRESET/);
    await started.promise;
    await server.close();
    await lost;
  });

  it('may be closed before it started', async () => {
    const server = createHttpServer({
      clock: systemClock,
      renderMetrics: () => Promise.reject(new Error('never asked')),
      status: () => {
        throw new Error('never asked');
      },
      readiness: () => ({ ready: true }),
      runbooks: new RunbookShelf(),
      listen: { host: '127.0.0.1', port: 0 },
    });
    await expect(server.close()).resolves.toBeUndefined();
  });
});
