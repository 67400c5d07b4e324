import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Observed, type Script, ENDPOINT, endings, events, inFlight, json } from './test-client.ts';
import { observed, observedClient, scriptedFal, wellBehaved } from './test-client.ts';

type Client = ReturnType<typeof observedClient>;
type Stream = Awaited<ReturnType<Client['stream']>>;

const OPTIONS = { input: { prompt: 'x' } };

interface Opened extends Observed {
  readonly client: Client;
}

function open(script?: Script): Opened {
  const made = observed();
  return { ...made, client: observedClient(made.telemetry, scriptedFal(script)) };
}

async function errorTypes({ recorder }: Observed): Promise<Record<string, number>> {
  return (await recorder.collect()).by('fal.client.errors', 'error_type');
}

/** A stream whose beginning comes at once and whose rest the test decides about. */
function halfOpen(): { readonly script: Script; readonly controller: () => ReadableStreamDefaultController } {
  let controller: ReadableStreamDefaultController | undefined;
  const body = new ReadableStream({
    start(given) {
      controller = given;
      given.enqueue(new TextEncoder().encode('data: {"part":1}\n\n'));
    },
  });
  const headers = { 'content-type': 'text/event-stream' };
  return {
    script: () => new Response(body, { headers }),
    controller: () => controller ?? expect.fail('the stream has not begun'),
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function firstPiece(stream: Stream): Promise<void> {
  await new Promise<void>((resolve) => stream.on('data', () => resolve()));
}

describe('an observed stream', () => {
  it('ends with the stream, not with the promise that hands it out', async () => {
    const { client, recorder } = open();
    const stream = await client.stream(ENDPOINT, OPTIONS);
    expect(await inFlight(recorder)).toBe(1);
    expect(await stream.done()).toEqual({ part: 2 });
    expect(await endings(recorder)).toEqual({ 'stream ok': 1 });
    expect(await inFlight(recorder)).toBe(0);
    const reading = await recorder.collect();
    expect(reading.count('fal.client.time_to_first_chunk.seconds')).toBe(1);
    expect(reading.by('fal.client.attempts', 'status')).toEqual({ 200: 1 });
  });

  it('is counted once through either name of the method', async () => {
    const { client, recorder } = open();
    await (await client.streaming.stream(ENDPOINT, OPTIONS)).done();
    await (await client.stream(ENDPOINT, OPTIONS)).done();
    expect(await endings(recorder)).toEqual({ 'stream ok': 2 });
  });

  it('hands the pieces to whoever iterates, all of them', async () => {
    const { client } = open();
    const pieces: unknown[] = [];
    for await (const piece of await client.stream(ENDPOINT, OPTIONS)) pieces.push(piece);
    expect(pieces).toEqual([{ part: 1 }, { part: 2 }]);
  });

  it('fails by the class of the answer', async () => {
    const made = open(() => json({ detail: [{ type: 'content_policy_violation' }] }, { status: 422 }));
    const stream = await made.client.stream(ENDPOINT, OPTIONS);
    await expect(stream.done()).rejects.toMatchObject({ status: 422 });
    expect(await errorTypes(made)).toEqual({ content_policy_violation: 1 });
  });

  it('fails as a network error when the connection cannot be made, although the client says 500', async () => {
    const refused = new TypeError('fetch failed', { cause: { code: 'EPROTO' } });
    const made = open(() => Promise.reject(refused));
    vi.spyOn(Math, 'random').mockReturnValue(0);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const stream = await made.client.stream(ENDPOINT, OPTIONS);
    const done = stream.done().catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(await done).toMatchObject({ status: 500 });
    expect(await errorTypes(made)).toEqual({ network_error: 1 });
  });

  it('fails as a network error when it is cut, although the client says 500', async () => {
    const { script, controller } = halfOpen();
    const made = open(script);
    const stream = await made.client.stream(ENDPOINT, OPTIONS);
    await firstPiece(stream);
    controller().error(new TypeError('terminated'));
    await expect(stream.done()).rejects.toMatchObject({ status: 500, message: 'terminated' });
    expect(await errorTypes(made)).toEqual({ network_error: 1 });
  });

  it('keeps the 500 that fal has said', async () => {
    const made = open(() => new Response('oops', { status: 500 }));
    const stream = await made.client.stream(ENDPOINT, OPTIONS);
    await expect(stream.done()).rejects.toMatchObject({ status: 500 });
    expect(await errorTypes(made)).toEqual({ 500: 1 });
  });

  it('ends once when an event is no JSON and the rest comes all the same', async () => {
    const headers = { 'content-type': 'text/event-stream' };
    const made = open(() => new Response('data: {no\n\ndata: {"part":2}\n\n', { headers }));
    const stream = await made.client.stream(ENDPOINT, OPTIONS);
    await expect(stream.done()).rejects.toThrow(SyntaxError);
    await settled();
    expect(await errorTypes(made)).toEqual({ invalid_json: 1 });
    expect(await endings(made.recorder)).toEqual({ 'stream error': 1 });
  });

  it('that cannot even be asked for rejects as it always did', async () => {
    const made = open();
    await expect(made.client.stream('no-slash', OPTIONS)).rejects.toThrow('Invalid app id');
    expect(await endings(made.recorder)).toEqual({ 'stream error': 1 });
  });

  it('that breaks while it is made is over, although nobody could listen', async () => {
    const made = open();
    const options = { ...OPTIONS, method: 5 as unknown as string };
    const stream = await made.client.stream(ENDPOINT, options);
    await expect(stream.done()).rejects.toThrow('toUpperCase');
    expect(await endings(made.recorder)).toEqual({ 'stream error': 1 });
    expect(await inFlight(made.recorder)).toBe(0);
  });
});

describe('a stream that the app gives up', () => {
  let made: Opened;
  let script: ReturnType<typeof halfOpen>;

  beforeEach(() => {
    script = halfOpen();
    made = open(script.script);
  });

  it.each([
    ['without a reason', undefined, { 'stream cancelled': 1 }],
    ['for a reason of its own', 'the user left', { 'stream cancelled': 1 }],
    ['for an error of its own', new Error('the user left'), { 'stream cancelled': 1 }],
    ['because its time is up', new DOMException('x', 'TimeoutError'), { 'stream timeout': 1 }],
  ])('by its own signal %s', async (_, reason, ends) => {
    const abort = new AbortController();
    const stream = await made.client.stream(ENDPOINT, { ...OPTIONS, signal: abort.signal });
    await firstPiece(stream);
    abort.abort(reason);
    expect(await stream.done()).toEqual({ part: 1 });
    expect(await endings(made.recorder)).toEqual(ends);
    expect(await inFlight(made.recorder)).toBe(0);
  });

  it('by abort() of the stream', async () => {
    const stream = await made.client.stream(ENDPOINT, OPTIONS);
    await firstPiece(stream);
    stream.abort();
    await stream.done();
    expect(await endings(made.recorder)).toEqual({ 'stream cancelled': 1 });
  });

  it('before it is handed out', async () => {
    const abort = new AbortController();
    const opening = made.client.stream(ENDPOINT, { signal: abort.signal });
    abort.abort();
    await opening;
    expect(await endings(made.recorder)).toEqual({ 'stream cancelled': 1 });
    expect(await inFlight(made.recorder)).toBe(0);
  });
});

describe('files that the app uploads', () => {
  it('before the stream are a part of it', async () => {
    const made = open();
    const input = { image: new Blob(['x'], { type: 'image/png' }) };
    await (await made.client.stream(ENDPOINT, { input })).done();
    expect(await endings(made.recorder)).toEqual({ 'stream ok': 1 });
    expect((await made.recorder.collect()).count('fal.client.upload.seconds')).toBe(1);
  });

  it('while it listens to the stream are not', async () => {
    const wellBehavedFal = wellBehaved();
    const made = open((sent) =>
      sent.url.pathname.endsWith('/stream') ? events({ part: 1 }) : wellBehavedFal(sent),
    );
    const stream = await made.client.stream(ENDPOINT, OPTIONS);
    const uploaded = new Promise<string>((resolve, reject) => {
      stream.on('data', () => {
        made.client.storage.upload(new Blob(['x'])).then(resolve, reject);
      });
    });
    await Promise.all([stream.done(), uploaded]);
    expect(await endings(made.recorder)).toEqual({ 'stream ok': 1, 'upload ok': 1 });
  });
});
