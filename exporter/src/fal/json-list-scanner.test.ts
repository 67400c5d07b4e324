import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OversizedBodyError } from './deadline-fetch.ts';
import { JsonListError, JsonListScanner, type ListLimits } from './json-list-scanner.ts';

const LIMITS: ListLimits = { sliceItems: 3, sliceBytes: 4096, entryBytes: 65_536 };

interface Reading {
  readonly slices: readonly (readonly unknown[])[];
  readonly envelope: Readonly<Record<string, unknown>>;
}

/** Reads `bytes` in chunks of these sizes, over and over. */
function read(bytes: Uint8Array, sizes: readonly number[], limits = LIMITS): Reading {
  const scanner = new JsonListScanner('list', limits);
  const slices: (readonly unknown[])[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    slices.push(...scanner.feed(bytes.subarray(at, at + size)));
    at += size;
  }
  return { slices, envelope: scanner.finish() };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const readText = (text: string, sizes: readonly number[] = [7]): Reading => read(bytesOf(text), sizes);

/** What the reader makes of a text, put together again; undefined when it refuses. */
function whole(bytes: Uint8Array, sizes: readonly number[]): unknown {
  try {
    const { slices, envelope } = read(bytes, sizes);
    return { ...envelope, list: slices.flat() };
  } catch (error) {
    if (error instanceof JsonListError) return undefined;
    throw error;
  }
}

/** Everything that may stand in a string and mislead a scanner. */
const tricky = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', '\u2028', '\ufeff', '€', '😀', '\n', 'list'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
});
const { value: anyJson } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, -1.5e-7, 'list', ''),
    tricky,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constant('list'), tricky), tie('value'), { maxKeys: 4 }),
  ),
}));
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const fields = fc.dictionary(
  tricky.filter((name) => name !== 'list' && name !== '__proto__'),
  anyJson,
  { maxKeys: 3 },
);
const spaces = fc.constantFrom(undefined, 1, '\t', ' \r\n ');

const answers = fc
  .record({ before: fields, list: fc.array(anyJson, { maxLength: 11 }), after: fields, space: spaces })
  .map(({ before, list, after, space }) => JSON.stringify({ ...before, list, ...after }, undefined, space));

describe('reading a list out of an answer', () => {
  it('gives what JSON.parse gives, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(answers, sizes, (text, cuts) => {
        expect(whole(bytesOf(text), cuts)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('accepts nothing that JSON.parse refuses and reads nothing else, however an answer is damaged', () => {
    const damage = fc.record({
      at: fc.nat(),
      length: fc.nat({ max: 3 }),
      by: fc.oneof(
        fc.constantFrom('', ',', ']', '}', '[', '{', '"', '\\', ' ', ':', '0', '[]', '\ufeff'),
        tricky,
      ),
    });
    fc.assert(
      fc.property(answers, damage, sizes, (text, { at, length, by }, cuts) => {
        const from = at % text.length;
        // As bytes, because a half character is none.
        const bytes = bytesOf(text.slice(0, from) + by + text.slice(from + length));
        const read = whole(bytes, cuts);
        if (read !== undefined) expect(read).toEqual(JSON.parse(new TextDecoder().decode(bytes)));
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses every answer that was cut off', () => {
    const text = '{"has_more":true,"list":[{"a":"]"},[1,2],"\\"",4,5],"next_cursor":"x"}';
    for (let length = 0; length < text.length; length += 1)
      expect(() => readText(text.slice(0, length))).toThrow(JsonListError);
    expect(readText(text).envelope).toEqual({ has_more: true, list: [], next_cursor: 'x' });
  });

  it('hands on slices of no more than the entries and about the bytes that were asked for', () => {
    const { slices } = readText('{"list":[1,2,3,4,5,6,7]}', [1000]);
    expect(slices).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    const long = JSON.stringify({ list: Array.from({ length: 20 }, () => 'x'.repeat(1500)) });
    expect(readText(long, [512]).slices.map((slice) => slice.length)).toEqual([3, 3, 3, 3, 3, 3, 2]);
    const longer = JSON.stringify({ list: Array.from({ length: 4 }, () => 'x'.repeat(5000)) });
    expect(readText(longer, [512]).slices.map((slice) => slice.length)).toEqual([1, 1, 1, 1]);
  });

  it('gives a slice as soon as it is complete, and no empty one', () => {
    const scanner = new JsonListScanner('list', LIMITS);
    expect([...scanner.feed(bytesOf('{"list":[1,2,3'))]).toEqual([]);
    expect([...scanner.feed(bytesOf(',4'))]).toEqual([[1, 2, 3]]);
    expect([...scanner.feed(bytesOf(']}'))]).toEqual([[4]]);
    expect(readText('{"list":[ \n ]}').slices).toEqual([]);
  });

  it('knows its list by the whole name at the top, however that is written', () => {
    expect(readText('{"a":{"list":[1]},"l\\u0069st":[2],"b":["list",[3]]}').slices).toEqual([[2]]);
    expect(readText('{"listing":[1],"list" : [2]}').slices).toEqual([[2]]);
  });

  it('takes a byte-order mark where an answer may have one, and nowhere else', () => {
    expect(readText('\ufeff{"list":[1]}').slices).toEqual([[1]]);
    expect(() => readText('{"list":[\ufeff1]}')).toThrow(JsonListError);
  });

  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[{"list":[1]}]'],
    ['a page', '<html>nginx</html>'],
    ['an object without it', '{"other":[1]}'],
    ['null in its place', '{"list":null}'],
    ['an object in its place', '{"list":{"0":1}}'],
    ['two of them', '{"list":[1],"list":[2]}'],
    ['two objects', '{"list":[1]}{"list":[2]}'],
    ['a comma too many', '{"list":[1,2,3,]}'],
    ['a comma in front', '{"list":[,1]}'],
    ['two commas', '{"list":[1,,2,3,4]}'],
    ['a bracket of the other kind', '{"list":[1}'],
    ['a bracket of the other kind within', '{"list":[{"a":1]]}'],
    ['a string without an end', '{"list":["a]}'],
    ['text behind the end', '{"list":[1]} x'],
    ['a bracket too many', '{"list":[1]}}'],
  ])('refuses %s', (_name, text) => {
    for (const size of [1, 3, 1000]) expect(() => readText(text, [size])).toThrow(JsonListError);
  });

  it('keeps what fal sent out of what it says', () => {
    expect(() => readText('{"list":[secret]}')).toThrow('the answer is no valid JSON');
  });

  it('refuses an entry, and anything beside the list, that is too large to be held', () => {
    const large = 'x'.repeat(LIMITS.entryBytes + LIMITS.sliceBytes);
    expect(() => readText(`{"list":["${large}"]}`, [1000])).toThrow(OversizedBodyError);
    expect(() => readText(`{"list":[],"a":"${large}"}`, [1000])).toThrow(OversizedBodyError);
  });
});
