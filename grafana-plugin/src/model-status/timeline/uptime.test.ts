import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timelines } from './timelines.arbitrary.ts';
import { uptimeOf } from './uptime.ts';

describe('uptime', () => {
  it('is the share of OK in the time that is known', () => {
    const uptime = uptimeOf([
      { from: 0, to: 30, verdict: 'ok' },
      { from: 30, to: 40, verdict: 'model' },
      { from: 40, to: 60, verdict: undefined },
      { from: 60, to: 70, verdict: 'unknown' },
      { from: 70, to: 75, verdict: 'a word of tomorrow' },
    ]);

    expect(uptime).toEqual({ share: 0.75, okMs: 30, knownMs: 40, unknownMs: 35 });
  });

  it('is not known when nothing is', () => {
    expect(uptimeOf([{ from: 0, to: 10, verdict: undefined }]).share).toBeUndefined();
    expect(uptimeOf([{ from: 0, to: 10, verdict: 'unknown' }]).share).toBeUndefined();
    expect(uptimeOf([]).share).toBeUndefined();
  });

  it('lies between 0 and 1, and every moment is known or not', () => {
    fc.assert(
      fc.property(timelines, (segments) => {
        const { share, knownMs, unknownMs } = uptimeOf(segments);

        if (share !== undefined) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        expect(knownMs + unknownMs).toBe(600);
      }),
    );
  });

  it('does not rise when a time becomes unknown that was OK, and does not change when one that was unknown goes', () => {
    fc.assert(
      fc.property(timelines, (segments) => {
        const { okMs, share } = uptimeOf(segments);
        const forgotten = segments.map((each) =>
          each.verdict === 'ok' ? { ...each, verdict: undefined } : each,
        );
        const known = segments.filter(({ verdict }) => verdict !== undefined && verdict !== 'unknown');

        expect(uptimeOf(forgotten).okMs).toBe(0);
        expect(uptimeOf(forgotten).share ?? 0).toBe(0);
        expect(uptimeOf(known)).toMatchObject({ okMs, share });
      }),
    );
  });
});
