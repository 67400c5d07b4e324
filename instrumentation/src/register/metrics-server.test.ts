import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type MetricsServerOptions, serveMetrics } from './metrics-server.ts';

const servers: Server[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    server.closeAllConnections();
    await closed;
  }
});

interface Serving {
  readonly server: Server;
  readonly warnings: string[];
}

function serve(port: number, options: Partial<MetricsServerOptions> = {}): Serving {
  const warnings: string[] = [];
  const server = serveMetrics({
    host: '127.0.0.1',
    port,
    answer: (_request, response) => response.end('up 1\n'),
    log: { warn: (text: string) => void warnings.push(text), info: () => undefined },
    ...options,
  });
  servers.push(server);
  return { server, warnings };
}

async function somebodyElse(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { server, port: portOf(server) };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

test('answers reads of /metrics, with or without a query, and nothing else', async () => {
  const { server } = serve(0);
  await once(server, 'listening');
  const ask = async (path: string, method = 'GET'): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${portOf(server)}${path}`, { method });
    return `${answer.status} ${await answer.text()}`;
  };
  expect(await ask('/metrics')).toBe('200 up 1\n');
  expect(await ask('/metrics?name=up')).toBe('200 up 1\n');
  expect(await ask('/metrics', 'HEAD')).toBe('200 ');
  expect(await ask('/')).toBe('404 ');
  expect(await ask('/metrics/', 'GET')).toBe('404 ');
  expect(await ask('/metrics', 'POST')).toBe('405 ');
});

test('a port that is taken is one warning, and is taken over as soon as it is free', async () => {
  const other = await somebodyElse();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { server, warnings } = serve(other.port);
  await once(server, 'error');
  const failedAgain = once(server, 'error');
  await vi.advanceTimersByTimeAsync(5_000);
  await failedAgain;
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`http://127.0.0.1:${other.port}/metrics: another process has the port`);
  expect(warnings[0]).toContain('OTEL_EXPORTER_PROMETHEUS_PORT');

  other.server.close();
  await once(other.server, 'close');
  const listening = once(server, 'listening');
  await vi.advanceTimersByTimeAsync(5_000);
  await listening;
  expect(portOf(server)).toBe(other.port);
  expect(warnings).toHaveLength(1);
});

test('an address that is not ours is one warning and no second try', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  // A documentation address (RFC 5737): no machine has it.
  const { server, warnings } = serve(9464, { host: '192.0.2.1' });
  await once(server, 'error');
  expect(vi.getTimerCount()).toBe(0);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('(EADDRNOTAVAIL)');
});
