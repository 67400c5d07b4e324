import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemOfOutput, readQueueStatus, readRequestId } from './queue-status.ts';

describe('reading a status', () => {
  it('knows the three states', () => {
    expect(readQueueStatus({ status: 'IN_QUEUE', queue_position: 3 })).toEqual({
      state: 'queued',
      position: 3,
    });
    expect(readQueueStatus({ status: 'IN_PROGRESS', logs: null })).toEqual({ state: 'running' });
    expect(readQueueStatus({ status: 'COMPLETED', metrics: { inference_time: 2.5 } })).toMatchObject({
      state: 'completed',
      inferenceSeconds: 2.5,
      isFailed: false,
    });
  });

  it('sees a failed job in a completed one, by its type or by its bare error', () => {
    const typed = readQueueStatus({
      status: 'COMPLETED',
      metrics: {},
      error: 'x',
      error_type: 'runner_disconnected',
    });
    expect(typed).toMatchObject({
      isFailed: true,
      failure: { errorType: 'runner_disconnected', fault: 'platform' },
    });
    expect(readQueueStatus({ status: 'COMPLETED', error: 'x' })).toMatchObject({
      isFailed: true,
      failure: undefined,
    });
  });

  it('leaves a type that is in no list to the result, whose HTTP status says whose fault it is', () => {
    const unlisted = readQueueStatus({ status: 'COMPLETED', error: 'x', error_type: 'missing' });
    expect(unlisted).toMatchObject({ isFailed: true, failure: undefined });
  });

  it.each([[null], ['COMPLETED'], [[]], [{}], [{ status: 'FAILED' }], [{ status: 7 }]])(
    'calls %j malformed',
    (body) => {
      expect(readQueueStatus(body)).toEqual({ state: 'malformed' });
    },
  );

  it('leaves out numbers that are none, for any body', () => {
    expect(readQueueStatus({ status: 'COMPLETED', metrics: { inference_time: null } })).toMatchObject({
      inferenceSeconds: undefined,
    });
    fc.assert(fc.property(fc.anything(), (body) => void readQueueStatus(body)));
    fc.assert(fc.property(fc.anything(), (body) => void problemOfOutput(body)));
  });

  it('takes only a plain request id', () => {
    expect(readRequestId({ request_id: '019e6d0a-e5be-7b82-b329-35ae64296902' })).toBeDefined();
    for (const id of ['', '../../x', 'a b', 7, null, 'x'.repeat(200)])
      expect(readRequestId({ request_id: id })).toBeUndefined();
  });
});

describe('looking at an output', () => {
  it.each([
    [{ images: [{ url: 'https://v3.fal.media/a.png' }] }],
    [{ video: { url: 'https://v3.fal.media/a.mp4' }, seed: 1 }],
    [{ audio: 'data:audio/wav;base64,AA' }],
    [{ output: 'text' }],
  ])('finds %j usable', (data) => {
    expect(problemOfOutput(data)).toBeUndefined();
  });

  it.each([[null], ['<html>'], [[]], [{}], [{ images: [] }], [{ images: null }], [{ video: { url: '' } }]])(
    'finds %j unusable',
    (data) => {
      expect(problemOfOutput(data)).toMatch(/expected|empty|no URL/);
    },
  );
});
