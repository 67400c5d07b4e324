import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_IDS, MARGIN, WIDTHS, layoutOf } from './columns.ts';

const NEEDS = { name: 230, word: 126, span: 190, sentence: 330 };

describe('which columns fit', () => {
  it('is name and state alone at 200 pixels, and everything at 1600', () => {
    expect(layoutOf(200, COLUMN_IDS, NEEDS)).toMatchObject({ columns: [], stateForm: 'word', isCut: true });
    expect(layoutOf(1600, COLUMN_IDS, NEEDS)).toMatchObject({
      columns: COLUMN_IDS,
      stateForm: 'sentence',
      isCut: false,
    });
  });

  it('is the bars first, then since when, then the numbers', () => {
    expect(layoutOf(330, COLUMN_IDS, NEEDS)).toMatchObject({ columns: ['bars'], stateForm: 'word' });
    expect(layoutOf(440, COLUMN_IDS, NEEDS)).toMatchObject({ columns: ['bars'], stateForm: 'span' });
    expect(layoutOf(640, COLUMN_IDS, NEEDS).columns).toEqual(['bars', 'p95', 'errors']);
  });

  it('leaves out what is not wanted', () => {
    expect(layoutOf(1600, ['p95'], NEEDS)).toMatchObject({ columns: ['p95'], barsWidth: 0, isCut: false });
  });

  it('gives no room to words that are not there', () => {
    const calm = layoutOf(900, COLUMN_IDS, { name: 90, word: 41, span: 41, sentence: 41 });

    expect(calm.stateForm).toBe('sentence');
    expect(calm.barsWidth).toBeGreaterThan(layoutOf(900, COLUMN_IDS, NEEDS).barsWidth);
  });

  it('never is wider than the panel from 200 pixels up, and never has a column less in a wider one', () => {
    const needs = fc.record({
      name: fc.nat({ max: 900 }),
      word: fc.nat({ max: 300 }),
      span: fc.nat({ max: 400 }),
      sentence: fc.nat({ max: 600 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 3000 }),
        needs,
        fc.subarray([...COLUMN_IDS]),
        (width, need, wanted) => {
          const { columns, nameWidth, stateWidth, barsWidth } = layoutOf(width, wanted, need);
          const numbers = columns.reduce((sum, id) => sum + (id === 'bars' ? 0 : WIDTHS[id]), 0);

          expect(nameWidth + stateWidth + barsWidth + numbers).toBeLessThanOrEqual(width - MARGIN);
          expect(stateWidth).toBeGreaterThanOrEqual(64);
          expect(nameWidth).toBeGreaterThanOrEqual(60);
          expect(layoutOf(width + 1, wanted, need).columns.length).toBeGreaterThanOrEqual(columns.length);
        },
      ),
    );
  });
});
