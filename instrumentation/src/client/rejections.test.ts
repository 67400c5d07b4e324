/** Rejections that nobody handles stay so, and handled ones stay handled: the same set as with the bare client. */
import { createFalClient } from '@fal-ai/client';
import type { FalClient } from '@fal-ai/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENDPOINT, endings, json, observed, observedClient, scriptedFal } from './test-client.ts';

const OPTIONS = { input: { prompt: 'x' } };
const refuse = (): Response => json({ detail: [{ type: 'content_policy_violation' }] }, { status: 422 });

/** What the process was told of promises. */
let told: string[];
let listenersOfVitest: NodeJS.UnhandledRejectionListener[];

const unhandled = (reason: unknown): void =>
  void told.push(`unhandled: ${reason instanceof Error ? reason.message : typeof reason}`);
const handledLate = (): void => void told.push('handled late');

beforeEach(() => {
  told = [];
  listenersOfVitest = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', unhandled);
  process.on('rejectionHandled', handledLate);
});

afterEach(() => {
  process.off('rejectionHandled', handledLate);
  process.removeAllListeners('unhandledRejection');
  for (const listener of listenersOfVitest) process.on('unhandledRejection', listener);
});

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** An app that uses the client, and what the process is told of it. */
async function toldBy(app: (fal: FalClient) => unknown, fal: FalClient): Promise<string[]> {
  told = [];
  await app(fal);
  await turns(10);
  return told;
}

const ignore = (): undefined => undefined;

const APPS: readonly (readonly [string, number, (fal: FalClient) => unknown])[] = [
  ['a run that nobody waits for', 1, (fal) => void fal.run(ENDPOINT, OPTIONS)],
  ['a run with somebody who catches', 0, (fal) => fal.run(ENDPOINT, OPTIONS).catch(ignore)],
  ['a run with a `finally` alone', 1, (fal) => void fal.run(ENDPOINT, OPTIONS).finally(ignore)],
  [
    'a run that is waited for twice and caught once',
    1,
    (fal) => {
      const call = fal.run(ENDPOINT, OPTIONS);
      void call.then(ignore);
      return call.catch(ignore);
    },
  ],
  [
    'a run that is caught too late',
    2,
    async (fal) => {
      const call = fal.run(ENDPOINT, OPTIONS);
      await turns(10);
      await call.catch(ignore);
    },
  ],
  ['a subscribe that nobody waits for', 1, (fal) => void fal.subscribe(ENDPOINT, OPTIONS)],
  ['a submit that nobody waits for', 1, (fal) => void fal.queue.submit(ENDPOINT, OPTIONS)],
  ['a result that nobody waits for', 1, (fal) => void fal.queue.result(ENDPOINT, { requestId: 'r' })],
  [
    'a status that somebody catches',
    0,
    (fal) => fal.queue.status(ENDPOINT, { requestId: 'r' }).catch(ignore),
  ],
  ['an upload that nobody waits for', 1, (fal) => void fal.storage.upload(new Blob(['x']))],
  [
    'a stream that is only iterated',
    1,
    async (fal) => {
      for await (const piece of await fal.stream(ENDPOINT, OPTIONS)) expect(piece).toBeUndefined();
    },
  ],
  [
    'a stream that is only listened to',
    1,
    async (fal) => (await fal.stream(ENDPOINT, OPTIONS)).on('error', ignore),
  ],
  ['a stream that nobody touches', 1, (fal) => fal.stream(ENDPOINT, OPTIONS)],
  [
    'a stream whose end somebody catches',
    0,
    async (fal) => {
      await (await fal.stream(ENDPOINT, OPTIONS)).done().catch(ignore);
    },
  ],
  ['a stream whose end nobody catches', 1, async (fal) => void (await fal.stream(ENDPOINT, OPTIONS)).done()],
  [
    'a stream of statuses that nobody touches',
    1,
    (fal) => fal.queue.streamStatus(ENDPOINT, { requestId: 'r' }),
  ],
];

describe.each(APPS)('%s', (_, count, app) => {
  it(`is told to the process as without us: ${count} times`, async () => {
    const bare = createFalClient({ credentials: 'a:b', fetch: scriptedFal(refuse).fetch });
    const { telemetry, recorder } = observed();
    const watched = observedClient(telemetry, scriptedFal(refuse));
    const without = await toldBy(app, bare);
    expect(without).toHaveLength(count);
    expect(await toldBy(app, watched)).toEqual(without);
    expect(Object.values(await endings(recorder)).reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(
      1,
    );
  });
});
