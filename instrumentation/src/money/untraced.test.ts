import { type Span, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPriceFetcher } from './price-fetcher.ts';
import { untraced } from './untraced.ts';

const spanProcessors = [new SimpleSpanProcessor({ exporter: new InMemorySpanExporter() })];
const tracer = new TracerProvider({ spanProcessors }).getTracer('test');

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => context.disable());

it('lets the SDK record no span, also after awaits', async () => {
  expect(tracer.startSpan('of the app').isRecording()).toBe(true);
  const spans = await untraced(async () => {
    const before = tracer.startSpan('before');
    await Promise.resolve();
    return [before, tracer.startSpan('after')];
  });
  expect(spans.map((span) => span.isRecording())).toEqual([false, false]);
  expect(tracer.startSpan('of the app').isRecording()).toBe(true);
});

it('has no span around it, so that nothing hangs below the request that happened to be under way', () => {
  const span = tracer.startSpan('a request of the app');
  context.with(trace.setSpan(context.active(), span), () => {
    expect(trace.getActiveSpan()).toBe(span);
    expect(untraced(() => trace.getActiveSpan())).toBeUndefined();
  });
});

it('returns what the function does where no context manager is set', () => {
  context.disable();
  expect(untraced(() => 42)).toBe(42);
});

it('is how prices are fetched, although a request of the app started it', async () => {
  const spans: Span[] = [];
  let fire: (() => void) | undefined;
  const fetcher = createPriceFetcher({
    key: () => 'key-id:key-secret',
    timers: { monotonic: () => 0, after: (_ms, callback) => ((fire ??= callback), (): void => undefined) },
    fetch: () => {
      spans.push(tracer.startSpan('GET'));
      return Promise.resolve(Response.json({ prices: [] }));
    },
  });
  const ofApp = trace.setSpan(context.active(), tracer.startSpan('a request of the app'));
  context.with(ofApp, () => fetcher.want('acme/paint'));
  context.with(ofApp, () => fire?.());
  await Promise.resolve();
  expect(spans.map((span) => span.isRecording())).toEqual([false]);
  fetcher.stop();
});
