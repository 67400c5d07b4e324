import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Seen } from './caller.ts';
import { chainNamed } from './methods.ts';
import { pass, passUntil } from './passing-time.ts';
import { type Stage, close, instrumented, openBare, watch } from './stage.ts';

const CHAINS = ['run', 'subscribe', 'subscribe by streaming', 'submit, status, result', 'stream', 'upload'];
const EXPORT_EVERY_MS = 1000;
const WATCHED_MS = 60_000;

/** A collector that takes connections and never says a word. */
let silent: Server;
let connections: Socket[];
beforeEach(async () => {
  connections = [];
  silent = createServer((socket) => connections.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  close();
  for (const socket of connections) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

const COLLECTORS = ['never answers', 'refuses connections'] as const;

describe.each(COLLECTORS)('a collector that %s', (kind) => {
  test.each(CHAINS)('changes neither what %s gives nor when', async (name) => {
    const bare = await seenBy(openBare(), name);
    close();
    const stage = openBare();
    const { meterProvider, tracerProvider } = await providersTo(kind);
    const telemetry = watch({ meterProvider, tracerProvider });
    const fal = instrumented('createFalClient', telemetry, stage.simulator);
    expect(await seenBy({ ...stage, fal }, name)).toEqual(bare);
    if (kind === 'never answers') {
      expect(connections.length).toBeGreaterThan(0);
      // One export at a time waits for its own deadline; nothing is sent in a loop.
      expect(connections.length).toBeLessThanOrEqual((2 * WATCHED_MS) / EXPORT_EVERY_MS);
    }
  });
});

/** Plays the chain twice, with a minute between, so that exports are under way the second time. */
async function seenBy(stage: Stage, name: string): Promise<readonly Seen[]> {
  const chain = chainNamed(name);
  for (let round = 0; round < 2; round += 1) {
    expect(await passUntil(chain.play(stage), 60_000)).toBe(true);
    await pass(WATCHED_MS / 2);
  }
  return [...stage.caller.seen];
}

async function providersTo(
  kind: (typeof COLLECTORS)[number],
): Promise<{ readonly meterProvider: MeterProvider; readonly tracerProvider: TracerProvider }> {
  const url = `http://127.0.0.1:${kind === 'never answers' ? portOf(silent) : await freePort()}`;
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url }),
    exportIntervalMillis: EXPORT_EVERY_MS,
    exportTimeoutMillis: EXPORT_EVERY_MS,
  });
  const processor = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url }),
    scheduledDelayMillis: EXPORT_EVERY_MS,
  });
  return {
    meterProvider: new MeterProvider({ readers: [reader] }),
    tracerProvider: new TracerProvider({ spanProcessors: [processor] }),
  };
}

/** Nobody listens there: it was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
