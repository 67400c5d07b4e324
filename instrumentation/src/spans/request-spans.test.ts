import { describe, expect, it } from 'vitest';
import { type Observed, type Script, ENDPOINT, json, observed } from '../client/test-client.ts';
import { observedClient, scriptedFal } from '../client/test-client.ts';
import type { FalTelemetryConfig } from '../types.ts';

type Client = ReturnType<typeof observedClient>;

const START_MS = Date.UTC(2026, 9, 1);
const OPTIONS = { input: { prompt: 'a cat', url: 'https://x.y/z?sig=secret' } };

function open(config: FalTelemetryConfig = {}, script?: Script): Observed & { readonly client: Client } {
  const made = observed(config);
  return { ...made, client: observedClient(made.telemetry, scriptedFal(script)) };
}

/** With a clock on which everything takes time. */
function ticking(): Observed & { readonly client: Client } {
  let seconds = 0;
  const clock = { monotonic: () => (seconds += 0.25), wall: () => START_MS + seconds * 1000 };
  const made = observed({}, { clock });
  return { ...made, client: observedClient(made.telemetry, scriptedFal()) };
}

describe('the span of a request', () => {
  it('is one per request, named by operation and endpoint, with the id and what is known', async () => {
    const { client, recorder } = open();
    await client.run(ENDPOINT, OPTIONS);
    expect(recorder.spans.filter(({ parentId }) => parentId === undefined)).toMatchObject([
      {
        name: `run ${ENDPOINT}`,
        isError: false,
        attributes: {
          'fal.endpoint_id': ENDPOINT,
          'fal.operation': 'run',
          'fal.request_id': 'req-1',
          'fal.outcome': 'ok',
          'fal.attempts': 1,
          'fal.billable_units': 1.5,
          'gen_ai.request.model': ENDPOINT,
          'server.address': 'fal.run',
          'http.response.status_code': 200,
        },
      },
    ]);
  });

  it('has the parts of the request as its children', async () => {
    const { client, recorder } = ticking();
    await client.subscribe(ENDPOINT, { input: { image: new Blob(['x']) } });
    const [root, ...more] = recorder.spans.filter(({ parentId }) => parentId === undefined);
    expect(more).toEqual([]);
    const parts = recorder.spans.filter(({ parentId }) => parentId === root?.id);
    expect(parts.map(({ name }) => name).sort()).toEqual([
      'fal.inference',
      'fal.queue_wait',
      'fal.result_fetch',
      'fal.submit',
      'fal.upload',
    ]);
    for (const { from, to } of parts) expect(to).toBeGreaterThanOrEqual(from);
    for (const { from } of parts) expect(from).toBeGreaterThanOrEqual(START_MS);
  });

  it('of a submit ends with the submit, and the result links to it', async () => {
    const { client, recorder } = ticking();
    const { request_id: requestId } = await client.queue.submit(ENDPOINT, OPTIONS);
    await client.queue.result(ENDPOINT, { requestId });
    const [submit, result] = recorder.spans.filter(({ name }) => !name.startsWith('fal.'));
    expect([submit?.name, result?.name]).toEqual([`submit ${ENDPOINT}`, `result ${ENDPOINT}`]);
    expect(result?.links).toEqual([submit?.id]);
    const partsOf = (id: string | undefined): string[] =>
      recorder.spans.filter(({ parentId }) => parentId === id).map(({ name }) => name);
    expect([partsOf(submit?.id), partsOf(result?.id)]).toEqual([['fal.submit'], ['fal.result_fetch']]);
    expect(recorder.openSpans).toBe(0);
  });

  it('tells why the request failed', async () => {
    const refuse: Script = () => json({ detail: [{ type: 'content_policy_violation' }] }, { status: 422 });
    const { client, recorder } = open({}, refuse);
    await client.run(ENDPOINT, OPTIONS).catch(() => undefined);
    expect(recorder.spans).toMatchObject([
      { isError: true, attributes: { 'error.type': 'content_policy_violation', 'fal.fault': 'app' } },
    ]);
  });

  it('is no error when the caller gave up', async () => {
    const { client, recorder } = open({}, ({ signal }) => {
      signal?.throwIfAborted();
      return json({});
    });
    await client.run(ENDPOINT, { ...OPTIONS, abortSignal: AbortSignal.abort() }).catch(() => undefined);
    expect(recorder.spans).toMatchObject([{ isError: false, attributes: { 'fal.outcome': 'cancelled' } }]);
  });
});

describe('inputs and outputs', () => {
  it('are on no span unless the app wants it', async () => {
    const { client, recorder } = open();
    await client.run(ENDPOINT, OPTIONS);
    expect(JSON.stringify(recorder.spans)).not.toMatch(/a cat|secret|images/);
  });

  it('are on the span when the app wants it, without signatures', async () => {
    const { client, recorder } = open({ captureContent: true });
    await client.run(ENDPOINT, OPTIONS);
    const attributes = recorder.spans.at(-1)?.attributes;
    expect(attributes?.['fal.input']).toBe('{"prompt":"a cat","url":"https://x.y/z"}');
    expect(attributes?.['fal.output']).toContain('images');
  });
});
