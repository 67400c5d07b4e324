import { expect, test } from 'vitest';
import { IMAGE_MODEL, VIDEO_MODEL, falUnderTest, readerOf } from '../fal-under-test.ts';

const INPUT = { body: { prompt: 'x' } };

test('a direct call answers with the output, the units and the runner', async () => {
  const { simulator, clock, call } = falUnderTest();
  const pending = call('POST', `https://fal.run/${IMAGE_MODEL}`, INPUT);
  await clock.advance(2000);
  const seen = await pending;
  expect(seen.status).toBe(200);
  const job = simulator.ledger.jobs[0];
  expect(job).toMatchObject({ mode: 'run', outcome: 'ok', resultFetchedAt: clock.now() });
  expect(seen.headers.get('x-fal-request-id')).toBe(job?.requestId);
  expect(seen.headers.get('x-fal-billable-units')).toBe('1');
  expect(seen.headers.get('x-fal-served-from')).toBe(job?.runs[0]?.runnerId);
});

test('GET takes the input from the query', async () => {
  const { clock, call } = falUnderTest();
  const pending = call('GET', `https://fal.run/${IMAGE_MODEL}?prompt=x`);
  await clock.advance(2000);
  expect((await pending).status).toBe(200);
});

test('the platform never retries a direct call', async () => {
  const { simulator, clock, call } = falUnderTest();
  simulator.engine.failNext({ errorType: 'runner_disconnected' });
  const pending = call('POST', `https://fal.run/${IMAGE_MODEL}`, INPUT);
  await clock.advance(2000);
  const seen = await pending;
  expect(seen).toMatchObject({ status: 503, body: { error_type: 'runner_disconnected' } });
  expect(seen.headers.get('x-fal-error-type')).toBe('runner_disconnected');
  expect(seen.headers.get('x-fal-billable-units')).toBeNull();
});

test('a model stream sends two previews and the output, and is billed once', async () => {
  const { simulator, clock, call } = falUnderTest();
  const pending = call('POST', `https://fal.run/${IMAGE_MODEL}/stream`, INPUT);
  await clock.advance(2000);
  const seen = await pending;
  const events = String(seen.body.text).trim().split('\n\n');
  expect(events.slice(0, 2)).toEqual(['data: {"progress":0.33}', 'data: {"progress":0.67}']);
  expect(events[2]).toMatch(/^data: \{"images":/);
  expect(simulator.ledger.jobs).toMatchObject([{ mode: 'stream', outcome: 'ok', chargedNano: 20_000_000 }]);
});

test('a stream whose run fails answers with the error status', async () => {
  const { simulator, clock, call } = falUnderTest();
  simulator.engine.failNext({ errorType: 'internal_server_error' });
  const pending = call('POST', `https://fal.run/${IMAGE_MODEL}/stream`, INPUT);
  await clock.advance(2000);
  expect((await pending).status).toBe(500);
});

test('a model without a stream path says so', async () => {
  const { call } = falUnderTest();
  expect(await call('POST', `https://fal.run/${VIDEO_MODEL}/stream`, INPUT)).toMatchObject({
    status: 404,
    body: { detail: 'Path /v2/standard/text-to-video/stream not found' },
  });
});

test('a reader that leaves a stream stops the run', async () => {
  const { simulator, clock } = falUnderTest();
  const response = await simulator.fetch(`https://fal.run/${IMAGE_MODEL}/stream`, {
    method: 'POST',
    headers: { authorization: 'Key simulated-key-id:simulated-key-secret' },
    body: '{"prompt":"x"}',
  });
  const reader = readerOf(response);
  const first = reader.read();
  await clock.advance(700);
  expect(new TextDecoder().decode((await first).value)).toContain('0.33');
  await reader.cancel();
  await clock.advance(10);
  expect(simulator.ledger.jobs).toMatchObject([{ outcome: 'cancelled', errorType: 'client_disconnected' }]);
});
