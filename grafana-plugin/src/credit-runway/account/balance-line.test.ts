import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf } from './balance-line.ts';

const runTimes = (line: ReturnType<typeof lineOf>): number[][] =>
  line.runs.map((run) => run.map(({ time }) => time));

describe('the line of a balance', () => {
  it('breaks where a sample is missing and where it is unknown', () => {
    const line = lineOf(
      [{ labels: {}, times: [0, 10, 20, 50, 60, 70], values: [5, 4, 3, 2, undefined, 1] }],
      10,
    );
    expect(runTimes(line)).toEqual([[0, 10, 20], [50], [70]]);
    expect(line.samples).toHaveLength(5);
  });

  it('takes the middle distance for the step when the data source does not say it', () => {
    const line = lineOf([{ labels: {}, times: [0, 10, 20, 30, 90], values: [5, 4, 3, 2, 1] }]);
    expect(line.stepMs).toBe(10);
    expect(runTimes(line)).toEqual([[0, 10, 20, 30], [90]]);
  });

  it('has no step and no gap with a single sample', () => {
    expect(lineOf([{ labels: {}, times: [7], values: [1] }])).toEqual({
      samples: [{ time: 7, value: 1 }],
      runs: [[{ time: 7, value: 1 }]],
      stepMs: undefined,
    });
  });

  it('joins an exporter with the one that came after it', () => {
    const line = lineOf(
      [
        { labels: { instance: 'b' }, times: [20, 30], values: [3, 2] },
        { labels: { instance: 'a' }, times: [0, 10], values: [5, 4] },
      ],
      10,
    );
    expect(runTimes(line)).toEqual([[0, 10, 20, 30]]);
  });

  it('takes the lower balance where two exporters disagree', () => {
    const line = lineOf(
      [
        { labels: {}, times: [0, 10], values: [5, undefined] },
        { labels: {}, times: [0, 10], values: [7, 6] },
      ],
      10,
    );
    expect(line.samples.map(({ value }) => value)).toEqual([5, 6]);
  });

  it('puts samples in order and keeps each moment once', () => {
    const line = lineOf([{ labels: {}, times: [20, 0, 10, 10], values: [3, 5, 4, 9] }], 10);
    expect(line.samples).toEqual([
      { time: 0, value: 5 },
      { time: 10, value: 4 },
      { time: 20, value: 3 },
    ]);
  });

  it('has every known sample in exactly one run, and no run across a gap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ noNaN: true, min: -100, max: 100 }), { nil: undefined }), {
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 1000 }),
        (values, step) => {
          const times = values.map((_, index) => index * step);
          const line = lineOf([{ labels: {}, times, values }], step);
          expect(line.runs.flat()).toEqual(line.samples);
          expect(line.samples).toHaveLength(values.filter((value) => value !== undefined).length);
          for (const run of line.runs) {
            expect((run.at(-1)?.time ?? 0) - (run[0]?.time ?? 0)).toBe((run.length - 1) * step);
          }
        },
      ),
    );
  });
});
