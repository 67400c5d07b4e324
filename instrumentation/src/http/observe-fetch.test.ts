import { describe, expect, it } from 'vitest';
import { type Attempt, attemptStepOf } from './attempt.ts';
import { type Fetch, observeFetch } from './observe-fetch.ts';

function observed(inner: Fetch): { fetch: Fetch; attempts: Attempt[] } {
  const attempts: Attempt[] = [];
  let time = 0;
  const fetch = observeFetch(inner, {
    monotonic: () => (time += 1),
    onAttempt: (attempt) => attempts.push(attempt),
  });
  return { fetch, attempts };
}

describe('the observed fetch', () => {
  it('returns the very promise of the inner fetch and reports the headers that the client throws away', async () => {
    const headers = {
      'x-fal-request-id': 'r1',
      'x-fal-billable-units': '1.05',
      'x-fal-served-from': 'runner-7',
    };
    const promise = Promise.resolve(new Response('{}', { headers }));
    const { fetch, attempts } = observed(() => promise);
    expect(fetch('https://queue.fal.run/fal-ai/flux/requests/r1')).toBe(promise);
    await promise;
    expect(attempts).toEqual([
      expect.objectContaining({
        step: 'result',
        host: 'queue.fal.run',
        status: 200,
        requestId: 'r1',
        billableUnits: '1.05',
        servedFrom: 'runner-7',
        startedAt: 1,
        endedAt: 2,
      }),
    ]);
  });

  it('reports a failed exchange by its network code and an abort as aborted', async () => {
    const failure = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    const failing = observed(() => Promise.reject(failure));
    await expect(failing.fetch('https://fal.run/a/b')).rejects.toBe(failure);
    expect(failing.attempts).toMatchObject([{ networkCode: 'ECONNREFUSED', step: 'run' }]);

    const aborted = observed(() => Promise.reject(new DOMException('x', 'AbortError')));
    await expect(aborted.fetch(new Request('https://fal.run/a/b', { method: 'POST' }))).rejects.toThrow();
    expect(aborted.attempts).toMatchObject([{ networkCode: 'aborted' }]);
  });

  it('keeps what the observer throws to itself', async () => {
    const fetch = observeFetch(() => Promise.resolve(new Response('ok')), {
      monotonic: () => 0,
      onAttempt: () => {
        throw new Error('observer');
      },
    });
    await expect(fetch('https://fal.run/a').then((response) => response.text())).resolves.toBe('ok');
  });

  it.each([
    ['POST', 'https://queue.fal.run/fal-ai/flux/dev', 'submit'],
    ['GET', 'https://queue.fal.run/fal-ai/flux/requests/1/status?logs=0', 'status'],
    ['GET', 'https://queue.fal.run/fal-ai/flux/requests/1/status/stream', 'status_stream'],
    ['GET', 'https://queue.falrun.com/fal-ai/flux/requests/1', 'result'],
    ['GET', 'https://queue.fal.run/fal-ai/flux/requests/1/response', 'result'],
    ['put', 'https://queue.fal.run/fal-ai/flux/requests/1/cancel', 'cancel'],
    ['GET', 'https://queue.fal.run/', 'other'],
    ['POST', 'https://fal.run/fal-ai/flux/dev', 'run'],
    ['POST', 'https://fal.run/fal-ai/flux/dev/stream', 'stream'],
    ['POST', 'https://rest.fal.ai/tokens/', 'token'],
    ['POST', 'https://rest.fal.ai/storage/upload/initiate', 'upload'],
    ['GET', 'https://rest.fal.ai/.well-known/jwks.json', 'other'],
    ['PUT', 'https://v3.fal.media/files/x', 'upload'],
    ['GET', 'https://api.fal.ai/v1/meta', 'other'],
  ])('tells what %s %s is for', (method, url, step) => {
    expect(attemptStepOf(method, new URL(url))).toBe(step);
  });
});
