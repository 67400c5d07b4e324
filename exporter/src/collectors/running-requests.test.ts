import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestOrder } from './request-order.ts';
import { type HistoryRow, runningRequests } from './running-requests.ts';

const NOW = Date.UTC(2026, 9, 1, 12);
const MINUTE_MS = 60_000;

let serial = 0;
/** A request that started so many minutes ago, and ended so many minutes ago. */
function row(startedAgo: number | undefined, endedAgo?: number, endpointId = 'a'): HistoryRow {
  const ago = (minutes: number | undefined): number | undefined =>
    minutes === undefined ? undefined : NOW - minutes * MINUTE_MS;
  serial += 1;
  return {
    ...{ requestId: `r${serial}`, endpointId, startedAt: ago(startedAgo), endedAt: ago(endedAgo) },
    statusCode: endedAgo === undefined ? undefined : 200,
  };
}

const running = (
  rows: readonly HistoryRow[],
  limit = 60,
): ReturnType<typeof runningRequests>[number] | undefined =>
  runningRequests(rows, { asked: [{ id: 'a', latencyLimitSeconds: limit }], now: NOW })[0];

describe('running requests', () => {
  it('are those that started and did not end, by endpoint', () => {
    expect(running([row(5), row(3, 1), row(undefined), row(2, undefined, 'b')])).toEqual({
      ...{ endpointId: 'a', running: 1, stuck: 0, oldestSeconds: 300, stuckIds: [] },
    });
  });

  it('are none, and have no age, where nothing runs', () => {
    expect(running([row(3, 1)])).toEqual({
      endpointId: 'a',
      running: 0,
      stuck: 0,
      oldestSeconds: undefined,
      stuckIds: [],
    });
  });

  it('are stuck after a quarter of an hour, however short the limit', () => {
    expect(running([row(15)], 1)?.stuck).toBe(0);
    expect(running([row(15.001)], 1)?.stuck).toBe(1);
  });

  it('are stuck after three times a long limit', () => {
    expect(running([row(30)], 600)?.stuck).toBe(0);
    expect(running([row(30.001)], 600)?.stuck).toBe(1);
  });

  it('name five stuck ones at most, the oldest first', () => {
    const rows = [20, 90, 40, 30, 70, 60, 50].map((minutes) => row(minutes));
    const oldest = [1, 4, 5, 6, 2].map((index) => rows[index]?.requestId);
    expect(running(rows)).toMatchObject({ stuck: 7, stuckIds: oldest, oldestSeconds: 90 * 60 });
  });

  it('never have an age below zero, however far the clocks are apart', () => {
    expect(running([row(-10)])).toMatchObject({ running: 1, oldestSeconds: 0 });
  });
});

describe('the order of the history', () => {
  const shows = (...readings: readonly (readonly HistoryRow[])[]): boolean => {
    const order = new RequestOrder();
    for (const rows of readings) order.learn(rows);
    return order.showsAllRunning(readings.at(-1) ?? []);
  };

  it('is proved by a running request in front of one that started later and ended', () => {
    expect(shows([row(9), row(5, 2)])).toBe(true);
    expect(shows([row(9), row(5, 2)], [row(5, 2)])).toBe(true);
  });

  it('is not proved by what an order of starts would show, too', () => {
    expect(shows([row(4), row(5, 2)])).toBe(false);
  });

  it('is not proved by ended or running requests alone', () => {
    expect(shows([row(5, 2), row(4, 3)])).toBe(false);
    expect(shows([row(5), row(4)])).toBe(false);
  });

  it('does not show all that runs where nothing has ended', () => {
    expect(shows([row(9), row(5, 2)], [row(7), row(6)])).toBe(false);
  });

  it('is disproved for ever by a running request behind one that ended', () => {
    expect(shows([row(5, 2), row(9)], [row(9), row(5, 2)])).toBe(false);
    expect(shows([row(9), row(5, 2)], [row(5, 2), row(9)], [row(9), row(5, 2)])).toBe(false);
  });

  it('is never proved by a list that is sorted by start, or by end with running ones last', () => {
    const anyRow = fc.record({
      started: fc.integer({ min: 1, max: 500 }),
      took: fc.option(fc.integer({ min: 0, max: 99 })),
    });
    const rowOf = ({ started, took }: { started: number; took: number | null }): HistoryRow =>
      row(started, took === null ? undefined : Math.max(0, started - took));
    const endOf = ({ endedAt = -Infinity }: HistoryRow): number => endedAt;
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 12 }), (drawn) => {
        const rows = drawn.map(rowOf);
        const byStart = rows.toSorted((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
        const byEnd = rows.toSorted((a, b) => (endOf(a) === endOf(b) ? 0 : endOf(b) - endOf(a)));
        const byEither = rows.toSorted(
          (a, b) => (b.endedAt ?? b.startedAt ?? 0) - (a.endedAt ?? a.startedAt ?? 0),
        );
        for (const sorted of [byStart, byEnd, byEither]) expect(shows(sorted)).toBe(false);
      }),
    );
  });
});
