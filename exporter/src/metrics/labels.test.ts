import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABEL_VALUE_LIMIT, renderLabels } from './labels.ts';
import { sanitizeLabelName, sanitizeMetricName, unitWordIn } from './naming.ts';

describe('renderLabels', () => {
  it('sorts by name, so that the order of writing makes no second series', () => {
    expect(renderLabels({ b: '2', a: '1' }).text).toBe(renderLabels({ a: '1', b: '2' }).text);
  });

  it('leaves out labels that are undefined or empty', () => {
    expect(renderLabels({ a: '', b: undefined, c: 'x' }).text).toBe('c="x"');
  });

  it('escapes backslash, quote and newline', () => {
    expect(renderLabels({ a: 'C:\\x "y"\nz' }).text).toBe('a="C:\\\\x \\"y\\"\\nz"');
  });

  it('joins values of names that become equal, in the order of the original names', () => {
    expect(renderLabels({ 'x.y': 'dot', x_y: 'underscore', 'x-y': 'dash' }).text).toBe(
      'x_y="dash;dot;underscore"',
    );
  });

  it('moves a label out of the way of a reserved one', () => {
    expect(renderLabels({ le: '5' }, ['le']).text).toBe('exported_le="5"');
  });

  it('replaces control characters and lone surrogates', () => {
    expect(renderLabels({ a: '\u0000\r\u001b[31m\u0085\uD800x' }).values.a).toBe(
      '\uFFFD\uFFFD\uFFFD[31m\uFFFD\uFFFDx',
    );
  });

  it('cuts long values between characters and marks the cut', () => {
    const { a = '' } = renderLabels({ a: '😀'.repeat(LABEL_VALUE_LIMIT + 1) }).values;
    expect(Array.from(a)).toHaveLength(LABEL_VALUE_LIMIT);
    expect(a.endsWith('😀…')).toBe(true);
    expect(renderLabels({ a: '😀'.repeat(LABEL_VALUE_LIMIT) }).values.a).toBe('😀'.repeat(LABEL_VALUE_LIMIT));
  });

  it('gives clean, unique names and well-formed short values whatever comes in', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (labels) => {
        const { text, values } = renderLabels(labels, ['le']);
        expect(text).not.toMatch(/\n/);
        for (const [name, value] of Object.entries(values)) {
          expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
          expect(name).not.toBe('le');
          expect(name.startsWith('__')).toBe(false);
          expect(value.isWellFormed()).toBe(true);
          expect(Array.from(value).length).toBeLessThanOrEqual(LABEL_VALUE_LIMIT);
        }
      }),
    );
  });
});

describe('names', () => {
  it.each([
    ['http.server.duration', 'http_server_duration'],
    ['a--b..c', 'a_b_c'],
    ['a:b', 'a:b'],
    ['5xx', '_5xx'],
    ['größe', 'gr_e'],
    ['', '_'],
  ])('a metric %j becomes %j', (name, clean) => {
    expect(sanitizeMetricName(name)).toBe(clean);
  });

  it.each([
    ['a:b', 'a_b'],
    ['__name__', '_name_'],
    ['0', '_0'],
  ])('a label %j becomes %j', (name, clean) => {
    expect(sanitizeLabelName(name)).toBe(clean);
  });

  it('name a unit only where the family ends in it', () => {
    expect(unitWordIn('fal_probe_duration_seconds', 's')).toBe('seconds');
    expect(unitWordIn('fal_probe_duration', 's')).toBeUndefined();
    expect(unitWordIn('fal_probe_runs', '{run}')).toBeUndefined();
  });
});
