import { createFalClient } from '@fal-ai/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { wrapClient } from './instrument-client.ts';
import { observeConfigOf, observedFetch, withObservedFetch } from './observed-fetch.ts';
import { originalOf } from './patch.ts';
import { ENDPOINT, observed, observedClient, scriptedFal } from './test-client.ts';

afterEach(() => vi.unstubAllGlobals());

describe('an observed fetch', () => {
  it('counts the exchanges of the request it works for, by status', async () => {
    const { telemetry, recorder } = observed({ prices: { [ENDPOINT]: 0.02 } });
    const client = observedClient(telemetry, scriptedFal());
    await client.run(ENDPOINT, { input: { prompt: 'x' } });
    const reading = await recorder.collect();
    expect(reading.of('fal.client.attempts')).toEqual([
      { labels: { endpoint_id: ENDPOINT, operation: 'run', status: '200' }, value: 1 },
    ]);
    expect(reading.sum('fal.client.cost.usd')).toBe(0.03);
  });

  it('leaves an exchange that belongs to no request alone', async () => {
    const { telemetry, recorder } = observed();
    const { fetch } = scriptedFal();
    await observedFetch(telemetry, fetch)('https://fal.run/somebody/else', { method: 'POST' });
    expect((await recorder.collect()).of('fal.client.attempts')).toEqual([]);
  });

  it('is made once, also by another telemetry', () => {
    const { fetch } = scriptedFal();
    const once = observedFetch(observed().telemetry, fetch);
    expect(observedFetch(observed().telemetry, once)).toBe(once);
    expect(originalOf(once)).toBe(fetch);
  });

  it('returns the very promise, hands on what it got, and passes on a throw', async () => {
    const { telemetry } = observed();
    const promise = Promise.resolve(new Response('{}'));
    const inner = vi.fn<typeof fetch>(() => promise);
    const init = { method: 'POST' };
    expect(observedFetch(telemetry, inner)('https://fal.run/a/b', init)).toBe(promise);
    expect(inner.mock.calls).toEqual([['https://fal.run/a/b', init]]);
    const error = new TypeError('no');
    const throwing = observedFetch(telemetry, () => {
      throw error;
    });
    expect(() => throwing('https://fal.run/a/b')).toThrow(error);
    await promise;
  });

  it('sees nothing while the instrumentation is switched off', async () => {
    let isEnabled = true;
    const { telemetry, recorder } = observed({}, { isEnabled: () => isEnabled });
    const client = observedClient(telemetry, scriptedFal());
    isEnabled = false;
    await client.run(ENDPOINT, { input: {} });
    expect((await recorder.collect()).of('fal.client.attempts')).toEqual([]);
  });
});

describe('a configuration with an observed fetch', () => {
  it('keeps everything else, and leaves the object of the app as it was', () => {
    const { telemetry } = observed();
    const { fetch } = scriptedFal();
    const config = Object.freeze({ credentials: 'a:b', fetch, retry: { maxRetries: 1 } });
    const made = withObservedFetch(telemetry, config) as typeof config;
    expect({ ...made, fetch }).toEqual(config);
    expect(originalOf(made.fetch)).toBe(fetch);
  });

  it('takes the global fetch of the moment when the app names none, as the client does', () => {
    const { telemetry } = observed();
    const global = vi.fn<typeof fetch>();
    vi.stubGlobal('fetch', global);
    for (const config of [undefined, {}, { fetch: undefined }]) {
      const { fetch } = withObservedFetch(telemetry, config) as { fetch: typeof globalThis.fetch };
      expect(originalOf(fetch)).toBe(global);
    }
  });

  it.each([null, 'text', 7])('is no matter where the configuration is %j', (config) => {
    expect(withObservedFetch(observed().telemetry, config)).toBe(config);
  });

  it('is left to the client where there is no fetch at all', () => {
    vi.stubGlobal('fetch', undefined);
    const config = {};
    expect(withObservedFetch(observed().telemetry, config)).toBe(config);
  });
});

describe('the configuration of a client that exists', () => {
  it('gets an observed fetch without anything sent, and without an unhandled rejection', async () => {
    const { telemetry, recorder } = observed();
    const fal = scriptedFal();
    const client = createFalClient({ credentials: 'a:b', fetch: fal.fetch });
    wrapClient(telemetry, client);
    expect(await observeConfigOf(telemetry, client)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(fal.sent).toEqual([]);
    expect(await recorder.collect().then((reading) => reading.of('fal.client.requests'))).toEqual([]);
    await client.run(ENDPOINT, { input: {} });
    expect((await recorder.collect()).sum('fal.client.attempts')).toBe(1);
  });

  it('is reached in time for a request that is made at once', async () => {
    const { telemetry, recorder } = observed();
    const client = createFalClient({ credentials: 'a:b', fetch: scriptedFal().fetch });
    wrapClient(telemetry, client);
    const reached = observeConfigOf(telemetry, client);
    const options = { input: { prompt: 'x' } };
    await Promise.all([reached, client.run(ENDPOINT, options), client.queue.submit(ENDPOINT, options)]);
    expect((await recorder.collect()).by('fal.client.attempts', 'operation')).toEqual({ run: 1, submit: 1 });
  });

  it.each([undefined, null, {}, { streaming: {} }, { streaming: { stream: () => Promise.resolve({}) } }])(
    'cannot be reached in %j',
    async (client) => {
      expect(await observeConfigOf(observed().telemetry, client)).toBe(false);
    },
  );

  it('rejects where the client refuses, for its caller to tell', async () => {
    const error = new Error('no streams');
    const client = { streaming: { stream: () => Promise.reject(error) } };
    await expect(observeConfigOf(observed().telemetry, client)).rejects.toBe(error);
  });
});
