/**
 * Runtimes without `AsyncLocalStorage` (browsers, old edge runtimes): which request an exchange belongs to is a guess
 * there, and must be good enough for every number by endpoint and operation.
 */
import { createFalClient } from '@fal-ai/client';
import type { FalClient } from '@fal-ai/client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSyncSlot } from '../async-context.ts';
import { type Observed, type Script, json, observed, observedClient, scriptedFal } from './test-client.ts';
import { wellBehaved } from './test-client.ts';

const MODELS = ['fal-ai/flux/dev', 'fal-ai/kling'] as const;
const KINDS = ['run', 'subscribe', 'submit', 'stream'] as const;

interface Call {
  readonly kind: (typeof KINDS)[number];
  readonly model: (typeof MODELS)[number];
  readonly isRefused: boolean;
  readonly hasFile: boolean;
  /** Turns of the event loop until each exchange of it is answered. */
  readonly turns: number;
  /** Turns that the app waits before it makes the next call. */
  readonly pause: number;
}

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Answers after as many turns as the input says, and refuses where the input says so. */
function slowFal(): Script {
  const answer = wellBehaved();
  const patience = new Map<string, number>();
  return async (sent) => {
    const { refuse = false, turns: count = 1 } = (
      typeof sent.body === 'string' ? JSON.parse(sent.body) : {}
    ) as { refuse?: boolean; turns?: number };
    const id = /\/requests\/([^/]+)/.exec(sent.url.pathname)?.[1];
    await turns(id === undefined ? count : (patience.get(id) ?? 0));
    if (refuse) return json({ detail: [{ type: 'content_policy_violation' }] }, { status: 422 });
    const response = await answer(sent);
    if (sent.url.hostname === 'queue.fal.run' && sent.method === 'POST') {
      patience.set(((await response.clone().json()) as { request_id: string }).request_id, count);
    }
    return response;
  };
}

function make(fal: FalClient, { kind, model, isRefused, hasFile, turns: count }: Call): Promise<unknown> {
  const input = { refuse: isRefused, turns: count, ...(hasFile ? { file: new Blob(['x']) } : {}) };
  switch (kind) {
    case 'run':
      return fal.run(model, { input });
    case 'subscribe':
      return fal.subscribe(model, { input });
    case 'submit':
      return fal.queue
        .submit(model, { input })
        .then(({ request_id: requestId }) => fal.queue.result(model, { requestId }));
    case 'stream':
      return fal.stream(model, { input }).then((stream) => stream.done());
  }
}

function withoutContext(): Observed {
  return observed({ prices: { 'fal-ai/flux/dev': 2, 'fal-ai/kling': 3 } }, { calls: createSyncSlot() });
}

/** Makes the calls, and says how each kind ended, as the callers saw it. */
async function play(fal: FalClient, calls: readonly Call[]): Promise<Record<string, number>> {
  const ends: Record<string, number> = {};
  const begun: Promise<void>[] = [];
  for (const call of calls) {
    const note = (outcome: string): void => {
      const key = `${call.model} ${call.kind} ${outcome}`;
      ends[key] = (ends[key] ?? 0) + 1;
    };
    begun.push(
      make(fal, call).then(
        () => note('ok'),
        () => note('error'),
      ),
    );
    await turns(call.pause);
  }
  await Promise.all(begun);
  return ends;
}

const CALL = {
  kind: fc.constantFrom(...KINDS),
  model: fc.constantFrom(...MODELS),
  isRefused: fc.boolean(),
  turns: fc.nat(4),
  pause: fc.nat(3),
};

const ATTEMPTS = { run: 1, subscribe: 3, submit: 2, stream: 1 } as const;

function attemptsOf(calls: readonly Call[]): Record<string, number> {
  const attempts: Record<string, number> = {};
  for (const { model, kind, isRefused } of calls) {
    const key = `${model} ${kind}`;
    attempts[key] = (attempts[key] ?? 0) + (isRefused ? 1 : ATTEMPTS[kind]);
  }
  return attempts;
}

/** Counts whose last word is a kind of call, with kinds that cannot be told apart taken together. */
function merged(
  counts: Record<string, number>,
  asKind: (kind: Call['kind']) => string,
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, count] of Object.entries(counts)) {
    const [model = '', kind = ''] = key.split(' ');
    const together = `${model} ${asKind(kind as Call['kind'])}`;
    sums[together] = (sums[together] ?? 0) + count;
  }
  return sums;
}

async function series(
  { recorder }: Observed,
  instrument: string,
  ...labels: readonly string[]
): Promise<Record<string, number>> {
  const points = (await recorder.collect()).of(instrument);
  return Object.fromEntries(
    points
      .map(({ labels: of, value }) => [labels.map((label) => of[label]).join(' '), value] as const)
      .reduce((sums, [key, value]) => sums.set(key, (sums.get(key) ?? 0) + value), new Map<string, number>()),
  );
}

describe('without a call context', () => {
  it.each([
    ['by endpoint and operation', fc.constant(false), (kind: Call['kind']) => kind],
    // A file holds its request up by nobody knows how long: `submit` and `subscribe`, which send the same POST, may
    // change places.
    [
      'by endpoint, with files',
      fc.boolean(),
      (kind: Call['kind']) => (kind === 'submit' ? 'subscribe' : kind),
    ],
  ])(
    'every number is right %s, and no request ends as another one',
    async (_, hasFile, asKind) => {
      const calls = fc.array(fc.record({ ...CALL, hasFile }), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(calls, async (calls) => {
          const made = withoutContext();
          const fal = observedClient(made.telemetry, scriptedFal(slowFal()));
          const ends = await play(fal, calls);
          expect(await series(made, 'fal.client.requests', 'endpoint_id', 'operation', 'outcome')).toEqual(
            ends,
          );
          const attempts = await series(made, 'fal.client.attempts', 'endpoint_id', 'operation');
          expect(merged(attempts, asKind)).toEqual(merged(attemptsOf(calls), asKind));
          const billed = calls.filter(({ kind, isRefused }) => kind !== 'stream' && !isRefused).length;
          expect((await made.recorder.collect()).sum('fal.client.billable_units')).toBe(1.5 * billed);
          expect((await made.recorder.collect()).sum('fal.client.active_requests')).toBe(0);
          expect(made.log).toEqual([]);
        }),
        { numRuns: 80 },
      );
    },
    30_000,
  );

  it('a file of the input is a part of its request, one of the app is not', async () => {
    const made = withoutContext();
    const fal = observedClient(made.telemetry, scriptedFal());
    const file = new Blob(['x']);
    await Promise.all([
      fal.run('fal-ai/kling', { input: { file } }),
      fal.subscribe('fal-ai/kling', { input: { deep: [{ file }] } }),
      fal.storage.upload(file),
    ]);
    expect(await series(made, 'fal.client.requests', 'operation')).toEqual({
      run: 1,
      subscribe: 1,
      upload: 1,
    });
    expect((await made.recorder.collect()).count('fal.client.upload.seconds')).toBe(2);
  });

  it('a stream is known by its path, whether the id ends in it or not', async () => {
    const made = withoutContext();
    const fal = observedClient(made.telemetry, scriptedFal());
    for (const id of ['fal-ai/kling', 'fal-ai/flux/stream'])
      await (await fal.stream(id, { input: {} })).done();
    expect(await series(made, 'fal.client.attempts', 'endpoint_id', 'operation')).toEqual({
      'fal-ai/kling stream': 1,
      'fal-ai/flux/stream stream': 1,
    });
  });

  it('what another client does is nobody else’s', async () => {
    const made = withoutContext();
    const fal = observedClient(made.telemetry, scriptedFal());
    const bare = createFalClient({ credentials: 'a:b', fetch: scriptedFal().fetch });
    await Promise.all([fal.run('fal-ai/kling', { input: {} }), bare.run('fal-ai/kling', { input: {} })]);
    expect(await series(made, 'fal.client.attempts', 'operation')).toEqual({ run: 1 });
  });
});
