import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeLabels, textWidth } from './labels.ts';

describe('labels', () => {
  it('stand at their marks and stay within the edges', () => {
    const placed = placeLabels(
      [
        { key: 'a', text: 'now', at: 0 },
        { key: 'b', text: 'now', at: 200 },
      ],
      200,
    );
    expect(placed.map(({ left }) => left)).toEqual([0, 200 - textWidth('now')]);
  });

  it('never cover each other, and the first one is kept', () => {
    const label = fc.record({
      key: fc.uuid(),
      text: fc.string({ minLength: 1, maxLength: 12 }),
      at: fc.integer({ min: -50, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 12 }), (labels) => {
        const placed = placeLabels(labels, 400);
        expect(placed[0]?.key).toBe(labels[0]?.key);
        const sorted = [...placed].sort((a, b) => a.left - b.left);
        sorted.slice(1).forEach((next, index) => {
          const last = sorted[index];
          expect(next.left).toBeGreaterThan((last?.left ?? 0) + textWidth(last?.text ?? ''));
        });
        for (const { left, text } of placed) expect(left >= 0 && left + textWidth(text) <= 400).toBe(true);
      }),
    );
  });
});
