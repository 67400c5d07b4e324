import { describe, expect, it } from 'vitest';
import { fieldOf } from './direct-calls.ts';
import {
  type Observed,
  ENDPOINT,
  endings,
  json,
  observed,
  observedClient,
  scriptedFal,
} from './test-client.ts';

type Client = ReturnType<typeof observedClient>;

/** A fal that answers nothing until the call is aborted. */
function silent(): Observed & { readonly client: Client } {
  const made = observed();
  const fal = scriptedFal(
    ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  );
  return { ...made, client: observedClient(made.telemetry, fal) };
}

const CALLS: readonly (readonly [string, (client: Client, abortSignal: AbortSignal) => Promise<unknown>])[] =
  [
    ['run', (client, abortSignal) => client.run(ENDPOINT, { input: {}, abortSignal })],
    ['subscribe', (client, abortSignal) => client.subscribe(ENDPOINT, { input: {}, abortSignal })],
    ['submit', (client, abortSignal) => client.queue.submit(ENDPOINT, { input: {}, abortSignal })],
  ];

describe.each(CALLS)('%s that the app aborts', (operation, call) => {
  it.each([
    ['without a reason', undefined, 'cancelled'],
    ['for an error of its own', new Error('the user left'), 'cancelled'],
    ['for a text', 'the user left', 'cancelled'],
    ['because its time is up', new DOMException('too long', 'TimeoutError'), 'timeout'],
  ])('%s', async (_, reason, outcome) => {
    const { client, recorder } = silent();
    const abort = new AbortController();
    const refused = call(client, abort.signal).then(
      () => expect.fail('it was aborted'),
      (error: unknown) => error,
    );
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort(reason);
    expect(await refused).toBe(abort.signal.reason);
    expect(await endings(recorder)).toEqual({ [`${operation} ${outcome}`]: 1 });
  });

  it('after it was refused for another reason', async () => {
    const made = observed();
    const abort = new AbortController();
    const fal = scriptedFal(() => {
      abort.abort();
      return json({ detail: [{ type: 'image_too_large' }] }, { status: 422 });
    });
    await call(observedClient(made.telemetry, fal), abort.signal).catch(() => undefined);
    expect(await endings(made.recorder)).toEqual({ [`${operation} error`]: 1 });
  });
});

describe('a file', () => {
  const file = new Blob(['x'], { type: 'image/png' });

  it('of the input is a part of its request, and its exchanges are too', async () => {
    const made = observed();
    await observedClient(made.telemetry, scriptedFal()).run(ENDPOINT, { input: { file, more: [file] } });
    expect(await endings(made.recorder)).toEqual({ 'run ok': 1 });
    const reading = await made.recorder.collect();
    expect(reading.count('fal.client.upload.seconds')).toBe(1);
    expect(reading.by('fal.client.attempts', 'operation')).toEqual({ run: 5 });
  });

  it('that cannot be sent fails the request once', async () => {
    const made = observed();
    const fal = scriptedFal(() => json({ detail: 'no' }, { status: 400 }));
    const call = observedClient(made.telemetry, fal).run(ENDPOINT, { input: { file } });
    await expect(call).rejects.toMatchObject({ status: 400 });
    expect(await endings(made.recorder)).toEqual({ 'run error': 1 });
    expect((await made.recorder.collect()).count('fal.client.upload.seconds')).toBe(1);
  });

  it('that the app sends on its own is a request of its own', async () => {
    const made = observed();
    await observedClient(made.telemetry, scriptedFal()).storage.upload(file);
    expect(await endings(made.recorder)).toEqual({ 'upload ok': 1 });
    expect((await made.recorder.collect()).by('fal.client.requests', 'endpoint_id')).toEqual({ storage: 1 });
  });
});

it('reads a field of anything', () => {
  expect(fieldOf({ a: 1 }, 'a')).toBe(1);
  for (const value of [undefined, null, 7, 'text', () => 1]) expect(fieldOf(value, 'length')).toBeUndefined();
});
