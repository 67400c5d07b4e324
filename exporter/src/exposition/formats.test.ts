import fc from 'fast-check';
import { counter, gauge, histogram } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { HandClock } from '../metrics/hand-clock.ts';
import { renderLabels } from '../metrics/labels.ts';
import { MetricStore } from '../metrics/store.ts';
import type { ExpositionFormat } from './format.ts';
import { parseExposition } from './golden/strict-parser.ts';
import type { ParsedFamily } from './golden/strict-parser.ts';
import { OPENMETRICS_0_0_1, OPENMETRICS_1_0_0 } from './openmetrics.ts';
import { collectBody } from './render.ts';
import { canonicalFloat } from './samples.ts';
import { TEXT_0_0_4 } from './text.ts';

const HELP = 'A "help" with \\ and\na second line, größer als sonst.';
const UP = gauge({
  name: 'up',
  instrument: 'up',
  unit: '',
  labels: ['a', 'b'],
  help: HELP,
  fedBy: 'exporter',
});
const SPEND = counter({
  name: 'spend_usd_total',
  instrument: 'spend.usd',
  unit: '{USD}',
  labels: [],
  help: HELP,
  fedBy: 'exporter',
});
const TIME = histogram({
  ...{
    name: 'time_seconds',
    instrument: 'time.seconds',
    unit: 's',
    labels: ['a'],
    help: HELP,
    fedBy: 'exporter',
  },
  bounds: [0.05, 1, 60],
});

const FORMATS = [
  { name: 'text 0.0.4', format: TEXT_0_0_4, dialect: 'text' },
  { name: 'OpenMetrics 1.0.0', format: OPENMETRICS_1_0_0, dialect: 'openmetrics' },
  { name: 'OpenMetrics 0.0.1', format: OPENMETRICS_0_0_1, dialect: 'openmetrics' },
] as const;

function newStore(): MetricStore {
  return new MetricStore({ clock: new HandClock(), limit: 10_000, expireAfterMs: 1000 });
}

async function bodyOf(store: MetricStore, format: ExpositionFormat): Promise<string> {
  return (await collectBody(store, format)).toString();
}

async function parsed(
  store: MetricStore,
  { format, dialect }: Pick<(typeof FORMATS)[number], 'format' | 'dialect'>,
): Promise<Map<string, ParsedFamily>> {
  return parseExposition(await bodyOf(store, format), dialect);
}

describe.each(FORMATS)('$name', (one) => {
  const spend = one.dialect === 'text' ? 'spend_usd_total' : 'spend_usd';

  it('is an empty but whole body when there is nothing', async () => {
    expect(await bodyOf(newStore(), one.format)).toBe(one.dialect === 'text' ? '' : '# EOF\n');
  });

  it('names a counter as the format wants it', async () => {
    const store = newStore();
    store.bind(SPEND, {}).inc(1.25);
    const family = (await parsed(store, one)).get(spend);
    expect(family).toMatchObject({ type: 'counter', samples: [{ name: 'spend_usd_total', value: 1.25 }] });
    expect(family?.unit).toBe(one.dialect === 'text' ? undefined : 'usd');
  });

  it('gives HELP back as it was written, over several lines and with quotes', async () => {
    const store = newStore();
    store.bind(SPEND, {});
    expect((await parsed(store, one)).get(spend)?.help).toBe(HELP);
  });

  it('gives infinities of a gauge back and leaves a gauge without a value out', async () => {
    const store = newStore();
    store.bind(UP, { a: 'high', b: undefined }).set(Infinity);
    store.bind(UP, { a: 'low', b: undefined }).set(-Infinity);
    store.bind(UP, { a: 'unknown', b: undefined }).clear();
    const samples = (await parsed(store, one)).get('up')?.samples;
    expect(samples?.map(({ labels, value }) => [labels.a, value])).toEqual([
      ['high', Infinity],
      ['low', -Infinity],
    ]);
  });

  it('leaves out a family whose values are all unknown', async () => {
    const store = newStore();
    store.bind(UP, { a: 'x', b: 'y' });
    store.bind(SPEND, {});
    expect([...(await parsed(store, one)).keys()]).toEqual([spend]);
  });

  it('writes a histogram with and without labels', async () => {
    const store = newStore();
    for (const a of [undefined, 'x']) {
      const time = store.bind(TIME, { a });
      for (const value of [0.05, 0.5, 100]) time.observe(value);
    }
    const samples = (await parsed(store, one)).get('time_seconds')?.samples ?? [];
    const plain = samples.filter(({ labels }) => labels.a === undefined);
    expect(plain.map(({ name, labels, value }) => [name, labels.le, value])).toEqual([
      ['time_seconds_bucket', '0.05', 1],
      ['time_seconds_bucket', '1.0', 2],
      ['time_seconds_bucket', '60.0', 2],
      ['time_seconds_bucket', '+Inf', 3],
      ['time_seconds_sum', undefined, 100.55],
      ['time_seconds_count', undefined, 3],
    ]);
    expect(samples).toHaveLength(12);
  });

  it('survives labels that collide, lead with a digit or are reserved', async () => {
    const store = newStore();
    const odd = { 'x.y': '2', 'x-y': '1', '5xx': 'digit', __name__: 'n', le: '7' };
    const labels = Object.keys(odd);
    store.bind(gauge({ ...UP, name: '9 lives!', labels }), odd).set(9);
    store.bind(histogram({ ...TIME, labels }), odd).observe(1);
    const families = await parsed(store, one);
    const clean = { x_y: '1;2', _5xx: 'digit', _name_: 'n' };
    expect(families.get('_9_lives_')?.samples[0]?.labels).toEqual({ ...clean, le: '7' });
    expect(families.get('time_seconds')?.samples[0]?.labels).toEqual({
      ...clean,
      exported_le: '7',
      le: '0.05',
    });
  });

  it('gives back every label value and every number as the store holds them', async () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 150 });
    const value = fc.double({ noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyText, anyText, value), { minLength: 1, maxLength: 10 }),
        async (rows) => {
          const store = newStore();
          const expected = new Map<string, unknown>();
          for (const [a, b, number] of rows) {
            store.bind(UP, { a, b }).set(number);
            const { text, values } = renderLabels({ a, b });
            // The formats know no negative zero worth keeping; JavaScript writes it as 0.
            expected.set(text, { labels: values, value: number + 0 });
          }
          const samples = (await parsed(store, one)).get('up')?.samples ?? [];
          expect(samples.map(({ labels, value: number }) => ({ labels, value: number }))).toEqual([
            ...expected.values(),
          ]);
        },
      ),
    );
  });

  it('keeps every histogram rule for any observations', async () => {
    const observations = fc.array(
      fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constantFrom(0.05, 1, 60)),
    );
    await fc.assert(
      fc.asyncProperty(observations, async (values) => {
        const store = newStore();
        const time = store.bind(TIME, { a: 'x' });
        for (const value of values) time.observe(value);
        // The parser itself checks that buckets are cumulative and that +Inf equals _count.
        const samples = (await parsed(store, one)).get('time_seconds')?.samples;
        expect(samples?.at(-1)?.value).toBe(values.length);
      }),
    );
  });
});

describe('the two formats', () => {
  it('differ in their comments only', async () => {
    const store = newStore();
    store.bind(SPEND, {}).inc(2);
    store.bind(TIME, { a: 'x' }).observe(2);
    const samples = async (format: ExpositionFormat): Promise<string[]> =>
      (await bodyOf(store, format)).split('\n').filter((line) => !line.startsWith('#'));
    expect(await samples(OPENMETRICS_1_0_0)).toEqual(await samples(TEXT_0_0_4));
  });

  it.each([
    [60, '60.0'],
    [0.05, '0.05'],
    [-3, '-3.0'],
    [1e21, '1e+21'],
  ])('write the bound %d as %s', (bound, text) => {
    expect(canonicalFloat(bound)).toBe(text);
  });
});
