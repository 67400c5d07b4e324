/** The same app on the oldest client that is supported, one in the middle, and the newest. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { createFalClient as CreateFalClient } from '@fal-ai/client';
import type { FalClient } from '@fal-ai/client';
import { afterEach, describe, expect, it } from 'vitest';
import { useTelemetry } from '../default-telemetry.ts';
import { instrumentFal } from '../instrument-fal.ts';
import { fieldOf } from './direct-calls.ts';
import { wrapClient, wrapFactory } from './instrument-client.ts';
import { observeConfigOf } from './observed-fetch.ts';
import { originalOf } from './patch.ts';
import { patchModule, unpatchModule } from './patch-module.ts';
import { type Observed, ENDPOINT, endings, json, observed, scriptedFal, wellBehaved } from './test-client.ts';

interface Client {
  readonly createFalClient: typeof CreateFalClient;
  readonly fal: FalClient & { config(config: Parameters<typeof CreateFalClient>[0]): void };
}

const require = createRequire(import.meta.url);
const PACKAGES = ['@fal-ai/client-1.2', '@fal-ai/client-1.6', '@fal-ai/client'] as const;
const VERSIONS = PACKAGES.map((name) => {
  // The package does not export its manifest, which lies a folder above its entry.
  const manifest = readFileSync(join(require.resolve(name), '../../package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { readonly version: string };
  return { version, client: require(name) as Client };
});

const OPTIONS = { input: { prompt: 'x', image: new Blob(['x'], { type: 'image/png' }) } };

function key(fal = scriptedFal()): { credentials: string; fetch: typeof fetch } {
  return { credentials: 'key-id:key-secret', fetch: fal.fetch };
}

/** Each kind of call, and one that fails. */
async function smoke(fal: FalClient): Promise<void> {
  expect((await fal.run(ENDPOINT, OPTIONS)).data).toEqual({ images: [] });
  expect((await fal.subscribe(ENDPOINT, OPTIONS)).requestId).toBe('req-1');
  const { request_id: requestId } = await fal.queue.submit(ENDPOINT, OPTIONS);
  expect((await fal.queue.status(ENDPOINT, { requestId })).status).toBe('COMPLETED');
  await fal.queue.result(ENDPOINT, { requestId });
  expect(await (await fal.stream(ENDPOINT, OPTIONS)).done()).toEqual({ part: 2 });
  await expect(fal.run('no-slash', { input: {} })).rejects.toThrow('Invalid app id');
}

const ENDINGS = { 'run ok': 1, 'run error': 1, 'subscribe ok': 1, 'submit ok': 1, 'stream ok': 1 };
// Of each request its own exchanges and the two of its file.
const ATTEMPTS = { run: 3, subscribe: 5, submit: 5, stream: 3 };

async function expectMeasured({ recorder }: Observed): Promise<void> {
  expect(await endings(recorder)).toEqual(ENDINGS);
  const reading = await recorder.collect();
  expect(reading.by('fal.client.attempts', 'operation')).toEqual(ATTEMPTS);
  expect(reading.sum('fal.client.active_requests')).toBe(0);
  expect(reading.count('fal.client.upload.seconds')).toBe(4);
  expect(reading.sum('fal.client.billable_units')).toBe(4.5);
  expect(recorder.openSpans).toBe(0);
}

describe('the versions', () => {
  it('are the oldest, one in the middle and the newest that we claim to measure', () => {
    expect(VERSIONS.map(({ version }) => version.replace(/\.\d+$/, ''))).toEqual(['1.2', '1.6', '1.10']);
  });
});

describe.each(VERSIONS)('@fal-ai/client $version', ({ client }) => {
  afterEach(() => {
    unpatchModule(client);
    useTelemetry(undefined);
  });

  it('is measured through its factory', async () => {
    const made = observed();
    const create = wrapFactory(made.telemetry, client.createFalClient);
    await smoke((create as typeof CreateFalClient)(key()));
    await expectMeasured(made);
  });

  it('is measured through its ready-made fal, and is as it was afterwards', async () => {
    const made = observed();
    const { createFalClient } = client;
    patchModule(made.telemetry, client);
    client.fal.config(key());
    await smoke(client.fal);
    await expectMeasured(made);
    unpatchModule(client);
    expect(client.createFalClient).toBe(createFalClient);
    expect(originalOf(fieldOf(client.fal, 'run'))).toBeUndefined();
    expect(originalOf(fieldOf(client.fal.queue, 'submit'))).toBeUndefined();
  });

  it('is measured through instrumentFal', async () => {
    const made = observed();
    useTelemetry(made.telemetry);
    const fal = instrumentFal(client.createFalClient(key()));
    await new Promise((resolve) => setImmediate(resolve));
    await smoke(fal);
    await expectMeasured(made);
  });

  it('is measured from its first request on, whose exchanges alone may be missed', async () => {
    const made = observed();
    useTelemetry(made.telemetry);
    await smoke(instrumentFal(client.createFalClient(key())));
    expect(await endings(made.recorder)).toEqual(ENDINGS);
  });

  it('gives its configuration away without anything on the wire', async () => {
    const fal = scriptedFal();
    const made = observed();
    const falClient = client.createFalClient(key(fal));
    wrapClient(made.telemetry, falClient);
    const told: unknown[] = [];
    const note = (reason: unknown): void => void told.push(reason);
    process.on('unhandledRejection', note);
    expect(await observeConfigOf(made.telemetry, falClient)).toBe(true);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(fal.sent).toEqual([]);
    expect(told).toEqual([]);
    await falClient.run(ENDPOINT, OPTIONS);
    expect(fal.sent).toHaveLength(3);
    expect((await made.recorder.collect()).by('fal.client.attempts', 'operation')).toEqual({ run: 3 });
  });

  it('fails by the class of the answer', async () => {
    const made = observed();
    const answer = wellBehaved();
    const fal = scriptedFal((sent) =>
      sent.url.pathname.endsWith('/requests/req-1')
        ? json({ detail: [{ type: 'no_media_generated' }] }, { status: 422 })
        : answer(sent),
    );
    const create = wrapFactory(made.telemetry, client.createFalClient);
    const falClient = (create as typeof CreateFalClient)(key(fal));
    await expect(falClient.subscribe(ENDPOINT, { input: {} })).rejects.toMatchObject({ status: 422 });
    const reading = await made.recorder.collect();
    expect(reading.by('fal.client.errors', 'error_type')).toEqual({ no_media_generated: 1 });
  });
});
