import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpositionText, ExpositionTextError, type TextMetric, type TextSample } from './exposition-text.ts';

function parse(text: string): ReadonlyMap<string, TextMetric> {
  const exposition = new ExpositionText({ keeps: () => true, mostSamples: 1000 });
  for (const line of text.split('\n')) exposition.read(line);
  return exposition.metrics;
}

/** The labels of the only sample of the text, as an object, and its value. */
function sampleOf(text: string): { labels: Record<string, string>; value: number } {
  const [sample, ...others] = [...parse(text).values()].flatMap(({ samples }) => samples);
  if (sample === undefined || others.length > 0) throw new Error('expected one sample');
  return { labels: Object.fromEntries(sample.labels), value: sample.value };
}

/** Nothing for a text that is refused as it should be. */
function samplesOrRefusal(text: string): readonly TextSample[] {
  try {
    return [...parse(text).values()].flatMap(({ samples }) => samples);
  } catch (error) {
    if (error instanceof ExpositionTextError) return [];
    throw error;
  }
}

describe('exposition text', () => {
  it('has samples with labels, help and type', () => {
    const text = '# HELP a Back\\\\slash and\\nline "quoted"\n# TYPE a gauge\na{b="1",c="x"} 2\na 3\n';
    expect(parse(text).get('a')).toMatchObject({
      help: 'Back\\slash and\nline "quoted"',
      type: 'gauge',
      samples: [
        {
          labels: [
            ['b', '1'],
            ['c', 'x'],
          ],
          value: 2,
        },
        { labels: [], value: 3 },
      ],
    });
  });

  it.each<[string, Record<string, string>, number]>([
    ['a 1', {}, 1],
    ['\t a \t 1 \t', {}, 1],
    ['a{} 1', {}, 1],
    ['a { b = "x" , } 1', { b: 'x' }, 1],
    ['a{b="x"}1', { b: 'x' }, 1],
    ['a:b_C9{_d="x"} 1 1700000000000', { _d: 'x' }, 1],
    ['a 1 -5', {}, 1],
    ['a{b="\\\\ \\" \\n } , ="} 1', { b: '\\ " \n } , =' }, 1],
    ['a{b="größer 😀 #"} 1', { b: 'größer 😀 #' }, 1],
    ['a{b=""} 1', {}, 1],
    ['a -1.5e-3', {}, -0.0015],
    ['a .5', {}, 0.5],
    ['a 5.', {}, 5],
    ['a +Inf', {}, Infinity],
    ['a -inf', {}, -Infinity],
    ['a NaN', {}, NaN],
  ])('reads %s', (text, labels, value) => {
    expect(sampleOf(text)).toEqual({ labels, value });
  });

  it('skips empty lines and comments that are neither HELP nor TYPE', () => {
    expect(parse('\n  \t\n# a comment {"\n#\n#TYPEx\n# EOF\n').size).toBe(0);
  });

  it.each<[string, string]>([
    ['no value', 'a'],
    ['no blank before the value', 'a1.5 {} 1x'],
    ['a word for a value', 'a one'],
    ['a hexadecimal value', 'a 0x10'],
    ['a value with an underscore', 'a 1_000'],
    ['a value too large for a double', 'a 1e999'],
    ['two timestamps', 'a 1 2 3'],
    ['a timestamp with a point', 'a 1 2.5'],
    ['a name that begins with a digit', '1a 1'],
    ['a name with a dash', 'a-b 1'],
    ['a quoted name', '{"a.b"} 1'],
    ['an open brace', 'a{b="x" 1'],
    ['an open quote', 'a{b="x} 1'],
    ['no quotes', 'a{b=x} 1'],
    ['no comma between labels', 'a{b="x" c="y"} 1'],
    ['two commas', 'a{b="x",,} 1'],
    ['a comma alone', 'a{,} 1'],
    ['an unknown escape', 'a{b="\\t"} 1'],
    ['a label twice', 'a{b="x",b="y"} 1'],
    ['a reserved label', 'a{__name__="x"} 1'],
    ['a label with a colon', 'a{b:c="x"} 1'],
    ['a label that begins with a digit', 'a{1b="x"} 1'],
    ['a series twice', 'a{b="x",c="y"} 1\na{c="y",b="x"} 1'],
    ['a series twice, once with an empty label', 'a 1\na{b=""} 1'],
    ['an exemplar', 'a 1 # {x="y"} 2'],
    ['two HELPs', '# HELP a x\n# HELP a y'],
    ['two TYPEs', '# TYPE a gauge\n# TYPE a gauge'],
    ['a TYPE after its sample', 'a 1\n# TYPE a gauge'],
    ['a TYPE that nobody knows', '# TYPE a stateset'],
    ['a TYPE without a type', '# TYPE a'],
    ['a TYPE with more than a type', '# TYPE a gauge gauge'],
    ['a TYPE of nothing', '# TYPE'],
    ['a HELP of no metric', '# HELP a-b x'],
    ['an unknown escape in HELP', '# HELP a x\\y'],
    ['a carriage return', 'a 1\r'],
    ['a null byte', 'a{b="\u0000"} 1'],
    ['a line separator', 'a{b="\u2028"} 1'],
    ['an escape of a terminal', '# \u001b[2J'],
    ['a page', '<!doctype html>'],
    ['JSON', '{"error": {"type": "server_error"}}'],
    ['a line of megabytes', `a{b="${'x'.repeat(20_000)}"} 1`],
  ])('is not %s', (_name, text) => {
    expect(() => parse(text)).toThrow(ExpositionTextError);
  });

  it('keeps what it is told to keep, and checks the rest', () => {
    const keepA = (): ExpositionText => new ExpositionText({ keeps: (name) => name === 'a', mostSamples: 2 });
    const exposition = keepA();
    for (const line of ['a 1', 'b 1', 'b 2', '# TYPE c gauge', 'a{b="1"} 2']) exposition.read(line);
    expect([...exposition.metrics.keys()]).toEqual(['a']);
    expect(() => keepA().read('b one')).toThrow(ExpositionTextError);
    expect(() => exposition.read('a{b="2"} 3')).toThrow(new RangeError('more than 2 samples'));
  });

  it('is refused with the number of the line and no word of it', () => {
    const read = (): unknown => parse('a 1\n\n# HELP b\nSECRET-prompt of a user');
    expect(read).toThrow(/^line 4 is no exposition text 0\.0\.4: /);
    expect(read).not.toThrow(/SECRET/);
  });

  it('takes no longer for hostile lines than for others', () => {
    const fill = (text: string): string => text.repeat(Math.floor(16_000 / text.length));
    const hostile = [
      `a{b="${fill('\\\\')}`,
      `a{b="${fill('x')}`,
      `a{${fill('b="",')}`,
      `# TYPE a${fill(' ')}x`,
      `# HELP a ${fill(' ')}\\`,
      `a ${fill(' ')}x`,
      fill('a'),
      fill('#'),
      fill('\t'),
    ];
    const before = process.cpuUsage();
    for (const line of hostile) {
      try {
        parse(line);
      } catch (error) {
        expect(error).toBeInstanceOf(ExpositionTextError);
      }
    }
    const { user, system } = process.cpuUsage(before);
    // A pattern that looks at each character again for each other one takes a second here.
    expect((user + system) / 1e6).toBeLessThan(0.3);
  });

  it('gives back what was written, whatever else the labels hold', () => {
    const character = fc.oneof(
      fc.constantFrom('\\', '"', '\n', '{', '}', ',', '='),
      // Separators of lines and paragraphs are refused, as they should be, and drawn once in a long while.
      fc
        .string({ minLength: 1, maxLength: 1, unit: 'grapheme' })
        .filter((drawn) => !/[\u2028\u2029]/.test(drawn)),
    );
    const label = fc
      .array(character, { minLength: 1, maxLength: 20 })
      .map((characters) => characters.join(''));
    const labels = fc.record({ a: label, b_1: label, _c: label, le: label }, { requiredKeys: [] });
    const escaped = (text: string): string =>
      text.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`));
    fc.assert(
      fc.property(
        labels,
        fc.double({ noDefaultInfinity: true, noNaN: true }).map((drawn) => drawn + 0),
        (written, value) => {
          const inner = Object.entries(written).map(([name, text]) => `${name}="${escaped(text)}"`);
          expect(sampleOf(`x{${inner.join(', ')}} ${value}`)).toEqual({ labels: { ...written }, value });
        },
      ),
    );
  });

  it('either reads any text or refuses it, with nothing in between', () => {
    const piece = fc.constantFrom(...'a{}"\\n=, \t\n1#\r😀', 'TYPE', 'HELP', 'gauge');
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    const isWell = ([name, label]: readonly [string, string]): boolean =>
      /^[a-zA-Z_]\w*$/.test(name) && label !== '';
    fc.assert(
      fc.property(text, (drawn) => {
        const samples = samplesOrRefusal(drawn);
        expect(samples.flatMap(({ labels }) => labels).filter((label) => !isWell(label))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
