import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText, plainUrl } from './plain-text.ts';
import { decodeEntities, elementsOf, withoutCdata } from './xml.ts';

describe('foreign text', () => {
  it('comes out as one short line without control characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 64 }),
        (text, limit) => {
          const line = plainText(text, limit);
          expect(Array.from(line).length).toBeLessThanOrEqual(limit);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
          expect(line.isWellFormed()).toBe(true);
        },
      ),
    );
  });

  it('keeps an address only when it is plain https', () => {
    expect(plainUrl('https://status.fal.ai/incident/1?sig=x')).toBe('https://status.fal.ai/incident/1');
    for (const url of [
      'http://a.example/',
      'https://u:p@a.example/',
      'javascript:1',
      '',
      7,
      `https://a/${'x'.repeat(400)}`,
    ])
      expect(plainUrl(url)).toBeUndefined();
  });

  it('is taken out of XML without losing or repeating anything', () => {
    expect(elementsOf('<item a="1">x</item><items>no</items><item>y</item><item>', 'item')).toEqual([
      'x',
      'y',
    ]);
    expect(withoutCdata('a<![CDATA[<b>&]]>c<![CDATA[open')).toBe('a&lt;b>&amp;c<![CDATA[open');
    expect(decodeEntities('&lt;&#65;&#x42;&unknown;&amp;lt;&#9999999;')).toBe('<AB&unknown;&lt;\uFFFD');
  });
});
