/** The caller gets exactly what it would get without us: the same app code with a bare and with an observed client. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createFalClient } from '@fal-ai/client';
import type { FalClient, QueueStatus } from '@fal-ai/client';
import { context, createContextKey, trace } from '@opentelemetry/api';
import { describe, expect, it, vi } from 'vitest';
import { wrapClient, wrapFactory } from './instrument-client.ts';
import { originalOf } from './patch.ts';
import { type Observed, type Script, ENDPOINT, endings, json, observed } from './test-client.ts';
import { observedClient, scriptedFal, wellBehaved } from './test-client.ts';

const OPTIONS = { input: { prompt: 'x' } };
const METHODS = {
  queue: ['submit', 'status', 'result', 'cancel', 'subscribeToStatus', 'streamStatus'],
  streaming: ['stream'],
  storage: ['upload', 'transformInput'],
  realtime: ['connect'],
} as const;

type Config = NonNullable<Parameters<typeof createFalClient>[0]>;

interface Pair {
  readonly bare: FalClient;
  readonly watched: FalClient;
  readonly made: Observed;
}

/** Two clients alike, one of them observed. */
function pair(script: () => Script = wellBehaved, config: Config = {}): Pair {
  const made = observed();
  const create = wrapFactory(made.telemetry, createFalClient) as typeof createFalClient;
  const settings = (): Config => ({ credentials: 'a:b', fetch: scriptedFal(script()).fetch, ...config });
  return { made, bare: createFalClient(settings()), watched: create(settings()) };
}

/** What a call comes to, in a form that shows identity. */
async function outcomeOf(call: () => unknown): Promise<unknown[]> {
  let answer: unknown;
  try {
    answer = call();
  } catch (error) {
    return ['threw at once', error];
  }
  return Promise.resolve(answer).then(
    (value) => ['resolved', value],
    (error: unknown) => ['rejected', error],
  );
}

describe('what a call comes to', () => {
  it('is the very object that the client made', async () => {
    const made = { request_id: 'req-1' };
    const { watched } = pair(wellBehaved, { responseHandler: (() => Promise.resolve(made)) as never });
    expect(await watched.queue.submit(ENDPOINT, OPTIONS)).toBe(made);
  });

  it.each(['run', 'subscribe', 'submit', 'result', 'upload'])('is the very error: %s', async (name) => {
    const error = new Error('of the fetch');
    Object.freeze(error);
    const { watched } = pair(() => () => {
      throw error;
    });
    const calls: Readonly<Record<string, () => unknown>> = {
      run: () => watched.run(ENDPOINT, OPTIONS),
      subscribe: () => watched.subscribe(ENDPOINT, OPTIONS),
      submit: () => watched.queue.submit(ENDPOINT, OPTIONS),
      result: () => watched.queue.result(ENDPOINT, { requestId: 'r' }),
      upload: () => watched.storage.upload(new Blob(['x'])),
    };
    const [how, what] = await outcomeOf(calls[name] as () => unknown);
    expect(how).toBe('rejected');
    expect(what).toBe(error);
  });

  it.each<readonly [string, (fal: FalClient) => unknown]>([
    ['run without options', (fal) => fal.run(ENDPOINT, undefined as never)],
    ['run of a bad id', (fal) => fal.run('no-slash', OPTIONS)],
    ['run of nothing', (fal) => fal.run(undefined as never, OPTIONS as never)],
    ['subscribe without options', (fal) => fal.subscribe(ENDPOINT, undefined as never)],
    ['submit without options', (fal) => fal.queue.submit(ENDPOINT, null as never)],
    ['status without options', (fal) => fal.queue.status(ENDPOINT, undefined as never)],
    ['result without an id', (fal) => fal.queue.result(ENDPOINT, {} as never)],
    ['cancel', (fal) => fal.queue.cancel(ENDPOINT, { requestId: 'r' })],
    ['stream without options', (fal) => fal.stream(ENDPOINT, undefined as never)],
    ['upload of nothing', (fal) => fal.storage.upload(undefined as never)],
    ['connect to a bad id', (fal) => fal.realtime.connect('no-slash', { onResult: vi.fn() }).send({})],
    ['connect without a handler', (fal) => fal.realtime.connect(ENDPOINT, undefined as never)],
  ])('is the same, thrown at once or later: %s', async (_, call) => {
    vi.stubGlobal('WebSocket', vi.fn());
    const { bare, watched } = pair();
    const [without, with_] = [await outcomeOf(() => call(bare)), await outcomeOf(() => call(watched))];
    vi.unstubAllGlobals();
    expect(with_).toEqual(without);
  });

  it.each<readonly [string, (fal: FalClient) => unknown]>([
    ['run', (fal) => fal.run(ENDPOINT, OPTIONS)],
    ['subscribe', (fal) => fal.subscribe(ENDPOINT, OPTIONS)],
    ['submit', (fal) => fal.queue.submit(ENDPOINT, OPTIONS)],
    ['stream', async (fal) => (await fal.stream(ENDPOINT, OPTIONS)).done() as Promise<unknown>],
    ['a refused run', (fal) => fal.run(ENDPOINT, { ...OPTIONS, method: 'refuse' })],
  ])('comes after as many turns of the event loop: %s', async (_, call) => {
    const answer = wellBehaved();
    const script = (): Script => (sent) =>
      sent.method === 'REFUSE' ? json({ detail: 'no' }, { status: 422 }) : answer(sent);
    const { bare, watched } = pair(script);
    const turnsOf = async (fal: FalClient): Promise<number> => {
      let turns = 0;
      let isOver = false;
      const count = (): void => {
        turns += 1;
        if (!isOver) setImmediate(count);
      };
      setImmediate(count);
      await outcomeOf(() => call(fal));
      isOver = true;
      return turns;
    };
    await turnsOf(bare);
    expect(await turnsOf(watched)).toBe(await turnsOf(bare));
  });

  it('comes one microtask later for each observed call on the way, and no more', async () => {
    const microtasksOf = async (promise: Promise<unknown>): Promise<number> => {
      let isOver = false;
      promise.then(
        () => (isOver = true),
        () => (isOver = true),
      );
      let count = 0;
      for (; !isOver; count += 1) await Promise.resolve();
      return count;
    };
    const fake = { run: () => Promise.resolve(1), subscribe: () => Promise.reject(new Error('x')) };
    const bare = [await microtasksOf(fake.run()), await microtasksOf(fake.subscribe())];
    wrapClient(observed().telemetry, fake);
    const watched = [await microtasksOf(fake.run()), await microtasksOf(fake.subscribe())];
    expect(watched).toEqual(bare.map((count) => count + 1));
  });
});

describe('what the client gets', () => {
  it('is `this` and every argument, as many as the app gave', async () => {
    const got: unknown[][] = [];
    const method = function (this: unknown, ...args: unknown[]): Promise<number> {
      got.push([this, ...args]);
      return Promise.resolve(1);
    };
    const names = { ...METHODS, storage: ['upload'], realtime: [] };
    const parts = Object.entries(names).map(([part, list]) => {
      return [part, Object.fromEntries(list.map((name) => [name, method]))] as const;
    });
    const client = { run: method, subscribe: method, stream: method, ...Object.fromEntries(parts) };
    wrapClient(observed().telemetry, client);
    const holders: object[] = [client, ...parts.map(([part]) => Reflect.get(client, part) as object)];
    for (const holder of holders) {
      for (const value of Object.values(holder)) {
        if (typeof value !== 'function') continue;
        for (const args of [[], [ENDPOINT], [ENDPOINT, { requestId: 'r' }, 'more', 4]]) {
          await Reflect.apply(value as typeof method, holder, args);
          expect(got.pop()).toEqual([holder, ...args]);
        }
      }
    }
    expect(got).toEqual([]);
  });

  it('are the options as they are: each property is read as often as without us', async () => {
    const { bare, watched } = pair();
    const readsOf = async (call: (options: never) => unknown): Promise<string[]> => {
      const reads: string[] = [];
      const options = new Proxy(
        { ...OPTIONS },
        { get: (target, name) => (reads.push(String(name)), Reflect.get(target, name) as unknown) },
      );
      await call(options as never);
      return reads;
    };
    for (const call of [
      (fal: FalClient) => (options: never) => fal.run(ENDPOINT, options),
      (fal: FalClient) => (options: never) => fal.subscribe(ENDPOINT, options),
      (fal: FalClient) => (options: never) => fal.queue.submit(ENDPOINT, options),
      (fal: FalClient) => (options: never) => fal.stream(ENDPOINT, options),
    ]) {
      expect(await readsOf(call(watched))).toEqual(await readsOf(call(bare)));
    }
  });

  it('may throw when it is read: the app gets its own error, and the request is counted', async () => {
    const { watched, made } = pair();
    const error = new Error('a getter of the app');
    const options = {
      get input(): never {
        throw error;
      },
    };
    for (const call of [
      () => watched.run(ENDPOINT, options),
      () => watched.subscribe(ENDPOINT, options),
      () => watched.stream(ENDPOINT, options),
    ]) {
      expect(await outcomeOf(call)).toEqual(['rejected', error]);
    }
    expect(await endings(made.recorder)).toEqual({ 'run error': 1, 'subscribe error': 1, 'stream error': 1 });
    expect(made.log).toEqual([]);
  });
});

describe('the look of the client', () => {
  const look = (holder: object): unknown =>
    Object.entries(Object.getOwnPropertyDescriptors(holder)).map(([name, descriptor]) => {
      const { value, enumerable, configurable, writable } = descriptor as TypedPropertyDescriptor<unknown>;
      const shape = typeof value === 'function' ? [value.name, value.length] : typeof value;
      return [name, shape, enumerable, configurable, writable];
    });

  it('is the same: properties, their order and flags, names and lengths of functions', () => {
    const { bare, watched } = pair();
    expect(look(watched)).toEqual(look(bare));
    for (const part of Object.keys(METHODS) as (keyof typeof METHODS)[]) {
      expect(look(watched[part])).toEqual(look(bare[part]));
      for (const name of METHODS[part])
        expect(look(watched[part])).toContainEqual(expect.arrayContaining([name]));
    }
  });

  it('lets methods be taken out and used alone', async () => {
    const { watched, made } = pair();
    type Free = Readonly<Record<string, (id: string, options: unknown) => Promise<unknown>>>;
    const { run, subscribe, stream } = watched as unknown as Free;
    const { submit } = watched.queue as unknown as Free;
    for (const call of [run, subscribe, submit]) await call?.(ENDPOINT, OPTIONS);
    await ((await stream?.(ENDPOINT, OPTIONS)) as Awaited<ReturnType<FalClient['stream']>>).done();
    expect(await endings(made.recorder)).toEqual({ 'run ok': 1, 'subscribe ok': 1, 'stream ok': 1 });
    expect([run, subscribe, submit, stream].map(originalOf)).not.toContain(undefined);
  });
});

describe('callbacks of the app', () => {
  const twoPolls = (): Script => {
    const answer = wellBehaved();
    let polls = 0;
    return (sent) => {
      const isFirst = sent.url.pathname.endsWith('/status') && (polls += 1) === 1;
      return isFirst ? json({ status: 'IN_QUEUE', queue_position: 2 }) : answer(sent);
    };
  };
  const quick = { ...OPTIONS, pollInterval: 1 };

  it.each(['onQueueUpdate', 'onEnqueue'])('that throw fail the call with their error: %s', async (name) => {
    const { bare, watched, made } = pair(twoPolls);
    const error = new Error('of the app');
    const options = {
      ...quick,
      [name]: () => {
        throw error;
      },
    };
    expect(await outcomeOf(() => bare.subscribe(ENDPOINT, options))).toEqual(['rejected', error]);
    const [how, what] = await outcomeOf(() => watched.subscribe(ENDPOINT, options));
    expect([how, what === error]).toEqual(['rejected', true]);
    expect(await endings(made.recorder)).toEqual({ 'subscribe error': 1 });
  });

  it('see the same statuses', async () => {
    const { bare, watched } = pair(twoPolls);
    const seenBy = async (fal: FalClient): Promise<QueueStatus[]> => {
      const seen: QueueStatus[] = [];
      await fal.subscribe(ENDPOINT, { ...quick, onQueueUpdate: (status) => void seen.push(status) });
      return seen;
    };
    expect(await seenBy(watched)).toEqual(await seenBy(bare));
  });

  it("run in the app's own contexts, below the span of the request", async () => {
    const { watched } = pair(twoPolls);
    const store = new AsyncLocalStorage<string>();
    const key = createContextKey('of the app');
    const seen: unknown[] = [];
    const note = (): void => {
      const span = trace.getActiveSpan();
      seen.push([store.getStore(), context.active().getValue(key), span?.isRecording()]);
    };
    await store.run('mine', () =>
      context.with(context.active().setValue(key, 'mine too'), async () => {
        await watched.subscribe(ENDPOINT, { ...quick, onEnqueue: note, onQueueUpdate: note });
        expect([store.getStore(), context.active().getValue(key)]).toEqual(['mine', 'mine too']);
        expect(trace.getActiveSpan()).toBeUndefined();
      }),
    );
    expect(seen).toEqual(Array(3).fill(['mine', 'mine too', true]));
  });

  it('that make requests of their own have them counted as their own', async () => {
    const { watched, made } = pair(twoPolls);
    const inner: Promise<unknown>[] = [];
    await watched.subscribe(ENDPOINT, {
      ...quick,
      onEnqueue: () => {
        inner.push(watched.run('other/model', OPTIONS), watched.queue.submit('other/model', OPTIONS));
        inner.push(watched.storage.upload(new Blob(['x'])));
      },
    });
    await Promise.all(inner);
    expect(await endings(made.recorder)).toEqual({ 'subscribe ok': 1, 'run ok': 1, 'upload ok': 1 });
    const attempts = (await made.recorder.collect()).of('fal.client.attempts');
    expect(attempts.map(({ labels, value }) => [labels.endpoint_id, labels.operation, value]).sort()).toEqual(
      [
        [ENDPOINT, 'subscribe', 4],
        ['other/model', 'run', 1],
        ['other/model', 'submit', 1],
        ['storage', 'upload', 2],
      ],
    );
  });
});

describe('an instrumentation that is switched off', () => {
  it('hands on the very promise of the client, and counts nothing', async () => {
    const { telemetry, recorder } = observed({}, { isEnabled: () => false });
    const promise = Promise.resolve({ data: {} });
    const client = { run: () => promise, subscribe: () => promise };
    wrapClient(telemetry, client);
    expect(client.run()).toBe(promise);
    expect(client.subscribe()).toBe(promise);
    expect(await endings(recorder)).toEqual({});
  });

  it('counts again when it is switched on, and ends what it began before', async () => {
    let isEnabled = true;
    const { telemetry, recorder } = observed({}, { isEnabled: () => isEnabled });
    const client = observedClient(telemetry, scriptedFal());
    const begun = client.run(ENDPOINT, OPTIONS);
    isEnabled = false;
    await Promise.all([begun, client.run(ENDPOINT, OPTIONS)]);
    isEnabled = true;
    await client.run(ENDPOINT, OPTIONS);
    expect(await endings(recorder)).toEqual({ 'run ok': 2 });
    expect([...telemetry.desk.active()]).toEqual([]);
  });
});
