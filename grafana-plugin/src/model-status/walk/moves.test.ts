import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moved } from './moves.ts';

const EXTENT = { rows: 30, buckets: 20 };

function press(
  key: string,
  from: { row: number; bucket?: number },
  isCtrl = false,
): ReturnType<typeof moved> {
  return moved({ row: from.row, bucket: from.bucket }, { key, isCtrl }, EXTENT);
}

describe('walking through the table by keyboard', () => {
  it('goes through the rows and keeps the bar', () => {
    expect(press('ArrowDown', { row: 0, bucket: 3 })).toEqual({ row: 1, bucket: 3 });
    expect(press('ArrowUp', { row: 0 })).toEqual({ row: 0, bucket: undefined });
    expect(press('PageDown', { row: 25 })).toEqual({ row: 29, bucket: undefined });
    expect(press('End', { row: 4 }, true)).toEqual({ row: 29, bucket: undefined });
    expect(press('Home', { row: 4 }, true)).toEqual({ row: 0, bucket: undefined });
  });

  it('enters the bars at the near end and stops at both', () => {
    expect(press('ArrowLeft', { row: 2 })).toEqual({ row: 2, bucket: 19 });
    expect(press('ArrowRight', { row: 2 })).toEqual({ row: 2, bucket: 0 });
    expect(press('ArrowRight', { row: 2, bucket: 19 })).toEqual({ row: 2, bucket: 19 });
    expect(press('Home', { row: 2, bucket: 7 })).toEqual({ row: 2, bucket: 0 });
    expect(press('End', { row: 2 })).toEqual({ row: 2, bucket: 19 });
  });

  it('leaves the bars with Escape, and leaves Escape to others after that', () => {
    expect(press('Escape', { row: 2, bucket: 7 })).toEqual({ row: 2, bucket: undefined });
    expect(press('Escape', { row: 2 })).toBeUndefined();
  });

  it('has no bars to walk through where there is no room for them', () => {
    expect(
      moved({ row: 0, bucket: undefined }, { key: 'ArrowLeft', isCtrl: false }, { rows: 3, buckets: 0 }),
    ).toBeUndefined();
  });

  it('leaves all other keys alone, and stays within the table whatever is pressed', () => {
    const keys = fc.constantFrom(
      'ArrowUp',
      'ArrowDown',
      'ArrowLeft',
      'ArrowRight',
      'Home',
      'End',
      'PageUp',
      'PageDown',
      'Escape',
      'a',
      'Tab',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.boolean())), (strokes) => {
        let at: { row: number; bucket: number | undefined } = { row: 0, bucket: undefined };
        for (const [key, isCtrl] of strokes) {
          const to = moved(at, { key, isCtrl }, EXTENT);
          if (key === 'a' || key === 'Tab') expect(to).toBeUndefined();
          at = to ?? at;
          expect(at.row).toBeGreaterThanOrEqual(0);
          expect(at.row).toBeLessThan(EXTENT.rows);
          expect(at.bucket ?? 0).toBeGreaterThanOrEqual(0);
          expect(at.bucket ?? 0).toBeLessThan(EXTENT.buckets);
        }
      }),
    );
  });
});
