import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf, withoutSecrets } from './failure.ts';
import { failureWords } from './failure-words.ts';

describe('failureOf', () => {
  it.each([
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [400, 'refused'],
    [422, 'refused'],
    [500, 'broken'],
    [502, 'unreachable'],
    [503, 'unreachable'],
    [504, 'timeout'],
  ])('reads the status %i as %s', (status, kind) => {
    expect(failureOf({ status, data: {} }, false).kind).toBe(kind);
  });

  it('takes a broken connection, which has no status, for a server that cannot be reached', () => {
    expect(failureOf(new TypeError('Failed to fetch'), false)).toEqual({
      kind: 'unreachable',
      detail: 'Failed to fetch',
    });
  });

  it('says that it gave up itself, whatever the rejection looks like', () => {
    expect(failureOf({ status: -1, cancelled: true }, true)).toEqual({ kind: 'timeout', detail: '' });
  });

  it('prefers what Prometheus said to what Grafana says of it', () => {
    const data = { error: 'parse error: unexpected "}"', message: 'bad request' };
    expect(failureOf({ status: 400, data }, false).detail).toBe('parse error: unexpected "}"');
  });

  it('finds words for anything that may be thrown', () => {
    fc.assert(
      fc.property(fc.anything(), fc.boolean(), (thrown, isTimeout) => {
        expect(failureWords(failureOf(thrown, isTimeout)).length).toBeGreaterThan(10);
      }),
    );
  });
});

describe('withoutSecrets', () => {
  it('cuts user, password and query from an address, and keeps what tells where it leads', () => {
    const text = 'Get "https://me:secret@prom.example:9090/api/v1/query?token=abc#x": connection refused';
    expect(withoutSecrets(text)).toBe('Get "https://prom.example:9090/api/v1/query": connection refused');
  });

  it('lets no password through, whatever it is made of', () => {
    const word = fc.stringMatching(/^[\w.:!-]{6,20}$/);
    fc.assert(
      fc.property(word, word, (user, secret) => {
        const text = withoutSecrets(`dial https://${user}:${secret}@host/path?key=${secret} failed`);
        expect(text).toBe('dial https://host/path failed');
      }),
    );
  });

  it('shows no more than a few hundred letters', () => {
    expect(withoutSecrets('x'.repeat(5000)).length).toBeLessThan(310);
  });
});
