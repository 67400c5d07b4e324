import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WindowQuantiles } from './window-quantile.ts';
import { WindowRatio } from './window-ratio.ts';
import { slotLayout } from './window-slots.ts';

const SECONDS = [30, 120] as const;
const SLOT_MS = 10_000;
const LAYOUT = slotLayout(SECONDS, SLOT_MS);
const QUANTILES = [0.01, 0.5, 0.95, 0.99, 1];

interface Timed<V> {
  readonly value: V;
  readonly at: number;
}

/** Events at times that only go forward, with pauses from none to longer than every window. */
function timeline<V>(value: fc.Arbitrary<V>): fc.Arbitrary<Timed<V>[]> {
  const pause = fc.oneof(fc.nat(20), fc.nat(15_000), fc.nat(200_000));
  return fc.array(fc.tuple(value, pause), { maxLength: 200 }).map((steps) => {
    let at = 0;
    return steps.map(([one, ms]) => ({ value: one, at: (at += ms) }));
  });
}

/** The definition, told without a ring: the slot of now and the ones before it, as many as the window has. */
function inWindow<V>(events: readonly Timed<V>[], window: number, now: number): V[] {
  const slots = (LAYOUT.windows[window] ?? 0) - 1;
  const oldest = Math.floor(now / SLOT_MS) - slots;
  return events.filter(({ at }) => Math.floor(at / SLOT_MS) >= oldest).map(({ value }) => value);
}

function nearestRank(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(quantile * sorted.length - 1e-9) - 1] ?? NaN;
}

describe('window quantiles', () => {
  const duration = fc.oneof(
    fc.double({ min: 1e-6, max: 1e5, noNaN: true }),
    fc.constantFrom(1, 2, 45, 60, 600),
  );

  it('are within 0.5 % of the exact nearest-rank quantiles, in every window at every moment', () => {
    fc.assert(
      fc.property(timeline(duration), fc.nat(200_000), (events, later) => {
        const sketch = new WindowQuantiles(LAYOUT);
        for (const { value, at } of events) sketch.observe(value, at);
        const now = (events.at(-1)?.at ?? 0) + later;
        SECONDS.forEach((_, window) => {
          const exact = inWindow(events, window, now);
          const { count, values } = sketch.read(window, QUANTILES, now);
          expect(count).toBe(exact.length);
          if (exact.length === 0) return expect(values).toEqual([]);
          QUANTILES.forEach((q, i) => {
            const truth = nearestRank(exact, q);
            expect(Math.abs((values[i] ?? NaN) - truth)).toBeLessThanOrEqual(truth * 0.005);
          });
        });
      }),
      { numRuns: 300 },
    );
  });

  it('do not depend on when they were read in between', () => {
    fc.assert(
      fc.property(timeline(duration), (events) => {
        const [read, unread] = [new WindowQuantiles(LAYOUT), new WindowQuantiles(LAYOUT)];
        for (const { value, at } of events) {
          read.read(0, QUANTILES, at);
          read.observe(value, at);
          unread.observe(value, at);
        }
        const now = (events.at(-1)?.at ?? 0) + 5000;
        SECONDS.forEach((_, window) =>
          expect(read.read(window, QUANTILES, now)).toEqual(unread.read(window, QUANTILES, now)),
        );
      }),
    );
  });

  it('take the 19th of 20 values for 0.95, not the 20th', () => {
    const sketch = new WindowQuantiles(LAYOUT);
    for (let value = 1; value <= 20; value++) sketch.observe(value, 0);
    expect(sketch.read(0, [0.95], 0).values[0]).toBeCloseTo(19, 0);
  });

  it('count zero and minus zero as zero, and the ends of the range at the ends', () => {
    const sketch = new WindowQuantiles(LAYOUT);
    for (const value of [0, -0, 1e-9]) sketch.observe(value, 0);
    sketch.observe(1e300, 0);
    expect(sketch.read(0, [0.5, 0.75], 0).values).toEqual([0, 0]);
    expect(sketch.read(0, [1], 0).values[0]).toBeGreaterThan(130_000);
  });

  it('ignore what is no duration', () => {
    const sketch = new WindowQuantiles(LAYOUT);
    for (const value of [NaN, -1, Infinity]) sketch.observe(value, 0);
    expect(sketch.read(0, [0.5], 0)).toEqual({ count: 0, values: [] });
  });
});

describe('a window ratio', () => {
  it('is failures over all in the window, and absent when nothing happened', () => {
    fc.assert(
      fc.property(timeline(fc.boolean()), fc.nat(200_000), (events, later) => {
        const ratio = new WindowRatio(LAYOUT);
        for (const { value, at } of events) ratio.count(value, at);
        const now = (events.at(-1)?.at ?? 0) + later;
        SECONDS.forEach((_, window) => {
          const exact = inWindow(events, window, now);
          const expected = exact.length === 0 ? undefined : exact.filter(Boolean).length / exact.length;
          expect(ratio.read(window, now)).toBe(expected);
        });
      }),
    );
  });
});

describe('a slot layout', () => {
  it('wants windows of whole slots', () => {
    expect(() => slotLayout([25], 10_000)).toThrow(RangeError);
    expect(() => slotLayout([0], 10_000)).toThrow(RangeError);
    expect(slotLayout([300, 3600]).windows).toEqual([30, 360]);
  });
});
