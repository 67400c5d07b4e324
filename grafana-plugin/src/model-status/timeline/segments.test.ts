import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from './samples.ts';
import { MAX_GAP_STEPS, segmentsOf } from './segments.ts';
import { sampleLists } from './timelines.arbitrary.ts';

const STEP = 60;
const PERIOD = { from: 0, to: 600 };

function at(time: number, verdict = 'ok'): Sample {
  return { time, verdict };
}

describe('cutting a period where the verdict changes', () => {
  it('keeps a verdict until the next sample says something else', () => {
    const samples = [0, 60, 120].map((time) => at(time)).concat(at(180, 'model'), at(240, 'model'));

    expect(segmentsOf(samples, { from: 0, to: 300 }, STEP)).toEqual([
      { from: 0, to: 180, verdict: 'ok' },
      { from: 180, to: 300, verdict: 'model' },
    ]);
  });

  it('holds a verdict over a gap of three steps, and no longer', () => {
    const bridged = segmentsOf([at(0), at(180), at(240)], { from: 0, to: 300 }, STEP);
    const broken = segmentsOf([at(0), at(181), at(241)], { from: 0, to: 300 }, STEP);

    expect(bridged).toEqual([{ from: 0, to: 300, verdict: 'ok' }]);
    expect(broken.map(({ verdict }) => verdict)).toEqual(['ok', undefined, 'ok']);
    expect(broken[1]).toEqual({ from: 60, to: 181, verdict: undefined });
  });

  it('says no data once nothing came for more than three steps before the end', () => {
    const segments = segmentsOf([at(0), at(60)], PERIOD, STEP);

    expect(segments.at(-1)).toEqual({ from: 120, to: 600, verdict: undefined });
  });

  it('knows nothing of a period without samples', () => {
    expect(segmentsOf([], PERIOD, STEP)).toEqual([{ ...PERIOD, verdict: undefined }]);
  });

  it('is empty for a period of no length', () => {
    expect(segmentsOf([at(0)], { from: 0, to: 0 }, STEP)).toEqual([]);
  });

  it('leaves out what lies beyond the period', () => {
    const segments = segmentsOf(
      [at(-60, 'app'), at(0), at(60), at(120, 'model')],
      { from: 0, to: 120 },
      STEP,
    );

    expect(segments).toEqual([{ from: 0, to: 120, verdict: 'ok' }]);
  });

  it('tiles the period whatever the samples are', () => {
    fc.assert(
      fc.property(sampleLists, (samples) => {
        const segments = segmentsOf(samples, PERIOD, STEP);

        expect(segments[0]?.from).toBe(PERIOD.from);
        expect(segments.at(-1)?.to).toBe(PERIOD.to);
        segments.forEach((segment, index) => {
          const next = segments[index + 1];
          expect(segment.to).toBeGreaterThan(segment.from);
          if (next !== undefined) {
            expect(next.from).toBe(segment.to);
            expect(next.verdict).not.toBe(segment.verdict);
          }
        });
      }),
    );
  });

  it('covers no more time than each sample may speak for', () => {
    fc.assert(
      fc.property(sampleLists, (samples) => {
        const covered = segmentsOf(samples, PERIOD, STEP)
          .filter(({ verdict }) => verdict !== undefined)
          .reduce((sum, { from, to }) => sum + to - from, 0);

        expect(covered).toBeLessThanOrEqual(samples.length * MAX_GAP_STEPS * STEP);
      }),
    );
  });
});
