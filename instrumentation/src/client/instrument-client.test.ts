import { createFalClient } from '@fal-ai/client';
import { describe, expect, it, vi } from 'vitest';
import { isClient, unwrapClient, wrapClient, wrapFactory, wrapSingleton } from './instrument-client.ts';
import { originalOf } from './patch.ts';
import { patchModule, unpatchModule } from './patch-module.ts';
import { type ScriptedFal, ENDPOINT, endings, observed, scriptedFal } from './test-client.ts';

type Config = Parameters<typeof createFalClient>[0];
type Client = ReturnType<typeof createFalClient>;
type Singleton = Client & { config(config: Config): void };

const OPTIONS = { input: { prompt: 'x' } };
const key = (fal: ScriptedFal): Config => ({ credentials: 'key-id:key-secret', fetch: fal.fetch });

/** The ready-made `fal`, made as the client makes it, so that each test has one of its own. */
function singleton(): Singleton {
  let instance = createFalClient({ fetch: scriptedFal().fetch });
  return {
    config: (config: Config) => void (instance = createFalClient(config)),
    get queue() {
      return instance.queue;
    },
    get realtime() {
      return instance.realtime;
    },
    get storage() {
      return instance.storage;
    },
    get streaming() {
      return instance.streaming;
    },
    run: ((id: string, options: never) => instance.run(id, options)) as Client['run'],
    subscribe: ((id: string, options: never) => instance.subscribe(id, options)) as Client['subscribe'],
    stream: ((id: string, options: never) => instance.stream(id, options)) as Client['stream'],
  };
}

/** The exports of the client, accessors as in the package. */
function moduleOf(fal: Singleton): { createFalClient: typeof createFalClient; fal: Singleton } {
  const create = createFalClient;
  return Object.defineProperties({} as never, {
    createFalClient: { enumerable: true, configurable: true, get: () => create },
    fal: { enumerable: true, configurable: true, writable: true, value: fal },
  });
}

async function useAll(client: Client): Promise<void> {
  await client.run(ENDPOINT, OPTIONS);
  await client.subscribe(ENDPOINT, OPTIONS);
  const { request_id: requestId } = await client.queue.submit(ENDPOINT, OPTIONS);
  await client.queue.status(ENDPOINT, { requestId });
  await client.queue.result(ENDPOINT, { requestId });
  await (await client.stream(ENDPOINT, OPTIONS)).done();
  await client.storage.upload(new Blob(['x'], { type: 'image/png' }));
}

const ALL = { 'run ok': 1, 'subscribe ok': 1, 'submit ok': 1, 'stream ok': 1, 'upload ok': 1 };
const ATTEMPTS = { run: 1, subscribe: 3, submit: 3, stream: 1, upload: 2 };

describe('a wrapped client', () => {
  it('counts every kind of call once', async () => {
    const { telemetry, recorder } = observed();
    const client = createFalClient(key(scriptedFal()));
    wrapClient(telemetry, client);
    wrapClient(telemetry, client);
    await useAll(client);
    expect(await endings(recorder)).toEqual(ALL);
    expect((await recorder.collect()).of('fal.client.attempts')).toEqual([]);
  });

  it('is as it was after it is unwrapped', async () => {
    const { telemetry, recorder } = observed();
    const client = createFalClient(key(scriptedFal()));
    const before = { ...client, queue: { ...client.queue }, storage: { ...client.storage } };
    wrapClient(telemetry, client);
    unwrapClient(client);
    expect({ ...client, queue: { ...client.queue }, storage: { ...client.storage } }).toEqual(before);
    await useAll(client);
    expect(await endings(recorder)).toEqual({});
  });

  it('is told from other things', () => {
    expect(isClient(createFalClient({ credentials: 'a:b' }))).toBe(true);
    expect([undefined, null, {}, { run: vi.fn() }, 'fal', createFalClient].map(isClient)).not.toContain(true);
  });
});

describe('a client of a wrapped factory', () => {
  it('is observed with its exchanges, each client on its own fetch', async () => {
    const { telemetry, recorder } = observed();
    const create = wrapFactory(telemetry, createFalClient) as typeof createFalClient;
    const [one, two] = [scriptedFal(), scriptedFal()];
    await useAll(create(key(one)));
    expect(two.sent).toEqual([]);
    expect(await endings(recorder)).toEqual(ALL);
    expect((await recorder.collect()).by('fal.client.attempts', 'operation')).toEqual(ATTEMPTS);
    await create(key(two)).run(ENDPOINT, OPTIONS);
    expect(two.sent).toHaveLength(1);
  });

  it('comes from a factory that is wrapped once, and has its name and length', () => {
    const { telemetry } = observed();
    const create = wrapFactory(telemetry, createFalClient);
    expect(wrapFactory(telemetry, create)).toBe(create);
    expect([create.name, create.length]).toEqual([createFalClient.name, createFalClient.length]);
  });

  it('is refused as the client refuses it', () => {
    const { telemetry } = observed();
    const create = wrapFactory(telemetry, createFalClient) as typeof createFalClient;
    expect(() => create(null as never)).toThrow(TypeError);
    const error = new Error('no key today');
    const credentials = (): never => {
      throw error;
    };
    expect(() => create({ credentials })).toThrow(error);
  });

  it('may be anything: what is no client is handed on', () => {
    const { telemetry } = observed();
    for (const made of [undefined, null, 7, {}]) {
      expect(wrapFactory(telemetry, () => made).call(undefined)).toBe(made);
    }
  });
});

describe('the ready-made fal', () => {
  it('is observed after every fal.config, with the new fetch', async () => {
    const { telemetry, recorder } = observed();
    const fal = singleton();
    wrapSingleton(telemetry, fal);
    const [first, second] = [scriptedFal(), scriptedFal()];
    fal.config(key(first));
    await useAll(fal);
    fal.config(key(second));
    await useAll(fal);
    expect(second.sent).toHaveLength(first.sent.length);
    expect(await endings(recorder)).toEqual(Object.fromEntries(Object.keys(ALL).map((each) => [each, 2])));
    expect((await recorder.collect()).sum('fal.client.attempts')).toBe(first.sent.length * 2);
  });

  it('is observed through a part or a method that was taken out before a later fal.config', async () => {
    const { telemetry, recorder } = observed();
    const fal = singleton();
    wrapSingleton(telemetry, fal);
    const [first, second] = [scriptedFal(), scriptedFal()];
    fal.config(key(first));
    const { queue } = fal;
    const { run } = fal as unknown as Record<'run', (id: string, options: unknown) => Promise<unknown>>;
    fal.config(key(second));
    const { request_id: requestId } = await queue.submit(ENDPOINT, OPTIONS);
    await queue.result(ENDPOINT, { requestId });
    await run(ENDPOINT, OPTIONS);
    expect([first.sent.length, second.sent.length]).toEqual([2, 1]);
    expect(await endings(recorder)).toEqual({ 'submit ok': 1, 'run ok': 1 });
    expect((await recorder.collect()).sum('fal.client.attempts')).toBe(3);
  });

  it('takes what fal.config throws, and stays observed', async () => {
    const { telemetry, recorder } = observed();
    const fal = singleton();
    wrapSingleton(telemetry, fal);
    fal.config(key(scriptedFal()));
    expect(() => fal.config(null as never)).toThrow(TypeError);
    await fal.run(ENDPOINT, OPTIONS);
    expect(await endings(recorder)).toEqual({ 'run ok': 1 });
  });
});

describe('a patched module', () => {
  it('observes its fal and the clients of its factory, required or imported', async () => {
    const { telemetry, recorder } = observed();
    const exports = moduleOf(singleton());
    patchModule(telemetry, exports);
    patchModule(telemetry, { default: exports });
    exports.fal.config(key(scriptedFal()));
    await useAll(exports.fal);
    await useAll(exports.createFalClient(key(scriptedFal())));
    expect(await endings(recorder)).toEqual(Object.fromEntries(Object.keys(ALL).map((each) => [each, 2])));
    const twice = Object.entries(ATTEMPTS).map(([operation, count]) => [operation, count * 2]);
    expect((await recorder.collect()).by('fal.client.attempts', 'operation')).toEqual(
      Object.fromEntries(twice),
    );
  });

  it('observes the exchanges of a fal that nobody configures', async () => {
    const fal = scriptedFal();
    vi.stubGlobal('fetch', fal.fetch);
    const { telemetry, recorder } = observed();
    const exports = moduleOf(singleton());
    patchModule(telemetry, exports);
    vi.unstubAllGlobals();
    await exports.fal.run(ENDPOINT, OPTIONS);
    expect((await recorder.collect()).sum('fal.client.attempts')).toBe(1);
  });

  it('puts its replacement where a namespace keeps it', () => {
    const { telemetry } = observed();
    const namespace = { createFalClient, [Symbol.toStringTag]: 'Module' };
    patchModule(telemetry, namespace);
    expect(originalOf(namespace.createFalClient)).toBe(createFalClient);
    unpatchModule(namespace);
    expect(namespace.createFalClient).toBe(createFalClient);
  });

  it('keeps the configuration of the app when it is unpatched and patched again', async () => {
    const { telemetry, recorder } = observed();
    const exports = moduleOf(singleton());
    patchModule(telemetry, exports);
    const fal = scriptedFal();
    exports.fal.config(key(fal));
    unpatchModule(exports);
    expect(exports.createFalClient).toBe(createFalClient);
    await exports.fal.run(ENDPOINT, OPTIONS);
    expect(await endings(recorder)).toEqual({});
    patchModule(telemetry, exports);
    await exports.fal.run(ENDPOINT, OPTIONS);
    expect(fal.sent).toHaveLength(2);
    expect(await endings(recorder)).toEqual({ 'run ok': 1 });
  });

  it('sees the exchanges of a configuration that the app made in between', async () => {
    const { telemetry, recorder } = observed();
    const exports = moduleOf(singleton());
    patchModule(telemetry, exports);
    unpatchModule(exports);
    exports.fal.config(key(scriptedFal()));
    patchModule(telemetry, exports);
    await exports.fal.run(ENDPOINT, OPTIONS);
    expect((await recorder.collect()).sum('fal.client.attempts')).toBe(1);
  });

  it.each([undefined, null, 'text', {}, { fal: {}, createFalClient: 'none' }])('may be %j', (loaded) => {
    const { telemetry } = observed();
    expect(patchModule(telemetry, loaded)).toBe(loaded);
    expect(() => unpatchModule(loaded)).not.toThrow();
  });
});
