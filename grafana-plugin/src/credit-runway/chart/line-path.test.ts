import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaPath, linear, runPath, thinned } from './line-path.ts';

const scale = { x: (time: number) => time, y: (value: number) => 100 - value };

describe('the path of a balance', () => {
  it('slopes down and steps up', () => {
    const run = [
      { time: 0, value: 50 },
      { time: 10, value: 40 },
      { time: 20, value: 90 },
      { time: 30, value: 80 },
    ];
    expect(runPath(run, scale)).toBe('M0,50L10,60H20V10L30,20');
    expect(areaPath(run, scale, 100)).toBe('M0,50L10,60H20V10L30,20V100H0Z');
  });

  it('is nothing for nothing', () => {
    expect(areaPath([], scale, 100)).toBe('');
    expect(runPath([], scale)).toBe('');
  });

  it('keeps the extremes of each column of pixels and draws no more than four samples in it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 300 }), (values) => {
        const run = values.map((value, index) => ({ time: index / 40, value }));
        const thin = thinned(run, scale.x);
        const heights = (samples: typeof run): number[] => samples.map(({ value }) => value);
        expect(Math.max(...heights(thin))).toBe(Math.max(...values));
        expect(Math.min(...heights(thin))).toBe(Math.min(...values));
        expect([thin[0], thin.at(-1)]).toEqual([run[0], run.at(-1)]);
        expect(thin.length).toBeLessThanOrEqual(4 * Math.ceil(values.length / 40));
        expect(thin.map(({ time }) => time)).toEqual(thin.map(({ time }) => time).sort((a, b) => a - b));
      }),
    );
  });

  it('is on a scale that also takes a span without length', () => {
    expect(linear({ from: 0, to: 10 }, [100, 0])(5)).toBe(50);
    expect(linear({ from: 3, to: 3 }, [100, 0])(3)).toBe(100);
  });
});
