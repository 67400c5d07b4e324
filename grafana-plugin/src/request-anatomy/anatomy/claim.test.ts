import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Row, anatomyOf } from './anatomy.ts';
import { claimOf, partsInRest } from './claim.ts';
import { PLAIN, measured } from './measured.builder.ts';
import { PARTS, type SegmentName } from './part.ts';
import {
  BOUNDS,
  POLL_SECONDS,
  type TrueRequest,
  bounds,
  nearestRank,
  requests,
  sum,
  totalOf,
} from './true-requests.ts';

const NAMES = PARTS.map(({ name }) => name);

function take(all: readonly TrueRequest[], upTo = BOUNDS): ReturnType<typeof anatomyOf> {
  return anatomyOf(measured(all, upTo), {
    quantiles: [0.5, 0.95],
    withMean: true,
    pollSeconds: POLL_SECONDS,
  });
}

function claimAbout(all: readonly TrueRequest[]): ReturnType<typeof claimOf> {
  const { rows, coverage } = take(all);
  const row = rows[1];
  if (row === undefined) throw new Error('expected P95');
  return claimOf(row, coverage);
}

/** What really is the quantile, or the mean, of a segment. The rest of a quantile is what the parts leave of it. */
function truthOf(all: readonly TrueRequest[], { statistic }: Row, name: SegmentName): number {
  const one = (values: readonly number[]): number =>
    statistic === 'mean' ? sum(values) / values.length : nearestRank(values, statistic);
  if (name !== 'rest') return one(all.map((request) => request[name]));
  const parts = NAMES.map((each) => one(all.map((request) => request[each])));
  return Math.max(0, one(all.map(totalOf)) - sum(parts));
}

describe('claimOf', () => {
  it('never names a part that was not the longest', () => {
    let claims = 0;
    fc.assert(
      fc.property(requests, bounds, (all, upTo) => {
        const { rows, coverage } = take(all, upTo);
        for (const row of rows) {
          const claim = claimOf(row, coverage);
          if (claim.kind !== 'longest') continue;
          claims += 1;
          const others = row.segments.filter(({ name }) => name !== claim.name).map(({ name }) => name);
          const rivals = others.filter((name) => name !== 'rest' || partsInRest(row).length === 0);
          const longest = truthOf(all, row, claim.name);
          for (const rival of rivals) {
            expect(longest).toBeGreaterThanOrEqual(truthOf(all, row, rival) * (1 - 1e-9));
          }
        }
      }),
      { numRuns: 500 },
    );
    expect(claims).toBeGreaterThan(50);
  });

  it('names the queue when its lowest possible wait is above what all other parts can be', () => {
    const all = Array<TrueRequest>(100).fill({ ...PLAIN, queue: 71, inference: 20, rest: 3 });
    expect(claimAbout(all)).toEqual({ kind: 'longest', name: 'queue', isNearlyAll: false });
  });

  it('says that it is nearly all of it where the rest does not count', () => {
    const all = Array<TrueRequest>(100).fill({ ...PLAIN, inference: 50 });
    expect(claimAbout(all)).toEqual({ kind: 'longest', name: 'inference', isNearlyAll: true });
  });

  it('cannot tell two parts of the same bucket apart', () => {
    const all = Array<TrueRequest>(100).fill({ ...PLAIN, queue: 21, inference: 29 });
    expect(claimAbout(all)).toMatchObject({ kind: 'too_close', names: ['queue', 'inference'] });
  });

  it('does not believe a value that only lies in the middle of its interval', () => {
    const row: Row = {
      statistic: 0.95,
      total: { low: 45, value: 55, high: 60 },
      segments: [
        { name: 'queue', estimate: { low: 20, value: 29, high: 30 } },
        { name: 'inference', estimate: { low: 20, value: 21, high: 25 } },
      ],
    };
    expect(claimOf(row, []).kind).not.toBe('longest');
  });

  it('does not blame inference while the queue wait of some requests is unknown', () => {
    const told: TrueRequest = { ...PLAIN, queue: 1, inference: 30 };
    const all = Array.from({ length: 100 }, (_, index) => ({ ...told, isTold: index >= 20 }));
    const claim = claimAbout(all);
    expect(claim.kind).toBe('partly_known');
    expect(claim).toMatchObject({
      coverage: [
        { name: 'queue', share: 0.8 },
        { name: 'inference', share: 0.8 },
      ],
    });
  });

  it('names no rest that holds parts that nothing is known of', () => {
    const all = Array<TrueRequest>(100).fill({ ...PLAIN, inference: 30, isTold: false });
    expect(claimAbout(all)).toEqual({ kind: 'not_measured', names: ['queue', 'inference'] });
  });

  it('names the rest when every part is known and short', () => {
    const all = Array<TrueRequest>(100).fill({ ...PLAIN, inference: 0.3, rest: 40 });
    expect(claimAbout(all)).toMatchObject({ kind: 'longest', name: 'rest' });
  });

  it('blames nothing for what is longer than the highest bound', () => {
    const all = Array<TrueRequest>(100).fill({ ...PLAIN, queue: 3000, inference: 3000 });
    expect(claimAbout(all)).toEqual({ kind: 'unbounded' });
  });

  it('says nothing of requests that took no time', () => {
    const { rows, coverage } = take([PLAIN], [0, ...BOUNDS]);
    expect(rows.map((row) => claimOf(row, coverage).kind)).toEqual(['nothing', 'nothing', 'nothing']);
  });
});
