import { VirtualClock } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import { FailedRequests } from './failed-requests.ts';
import type { HistoryRow } from './running-requests.ts';

const HOUR_MS = 3_600_000;

function rowOf(requestId: string, endedAt: number | undefined, statusCode: number | undefined): HistoryRow {
  return { requestId, endpointId: 'a', startedAt: 0, endedAt, statusCode };
}

describe('failed requests', () => {
  it('are those that ended with 400 and above', () => {
    const clock = new VirtualClock();
    const failed = new FailedRequests(clock);
    const now = clock.now();
    const codes = [200, 302, 399, 400, 422, 499, 500, 504, undefined];
    failed.take([...codes.map((code) => rowOf(String(code), now, code)), rowOf('running', undefined, 500)]);
    expect(failed.between(now, now + 1)).toEqual(['400', '422', '499', '500', '504']);
  });

  it('are told by when they ended: from included, to not', () => {
    const clock = new VirtualClock();
    const failed = new FailedRequests(clock);
    const now = clock.now();
    failed.take([rowOf('a', now - 2, 500), rowOf('b', now - 1, 500), rowOf('c', now, 500)]);
    failed.take([rowOf('b', now - 1, 500)]);
    expect(failed.between(now - 2, now)).toEqual(['a', 'b']);
    expect(failed.between(now - 1, now + 1)).toEqual(['b', 'c']);
  });

  it('are forgotten after a day', async () => {
    const clock = new VirtualClock();
    const failed = new FailedRequests(clock);
    failed.take([rowOf('old', clock.now(), 500)]);
    await clock.advance(24 * HOUR_MS);
    failed.take([]);
    expect(failed.between(0, Infinity)).toEqual(['old']);
    await clock.advance(1);
    failed.take([]);
    expect(failed.between(0, Infinity)).toEqual([]);
  });

  it('are ten thousand at most, the newest', () => {
    const clock = new VirtualClock();
    const failed = new FailedRequests(clock);
    const now = clock.now();
    const rows = Array.from({ length: 10_050 }, (_, n) => rowOf(String(n), now - n, 500));
    failed.take(rows.slice(5000));
    failed.take(rows.slice(0, 5000));
    const kept = failed.between(0, Infinity);
    expect(kept).toHaveLength(10_000);
    expect(kept).toContain('0');
    expect(kept).not.toContain('10000');
  });

  it('are unknown until somebody read them', () => {
    const failed = new FailedRequests(new VirtualClock());
    expect(failed.isFed).toBe(false);
    failed.take([]);
    expect(failed.isFed).toBe(true);
  });
});
