import { gunzipSync } from 'node:zlib';
import { counter, histogram } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { HandClock } from '../metrics/hand-clock.ts';
import { CollectError, MetricStore } from '../metrics/store.ts';
import { parseExposition } from './golden/strict-parser.ts';
import { tellStory } from './golden/story.ts';
import { OPENMETRICS_1_0_0 } from './openmetrics.ts';
import { collectBody, render } from './render.ts';
import { createScraper } from './scrape.ts';
import { TEXT_0_0_4 } from './text.ts';

const TIME = histogram({
  ...{
    name: 'time_seconds',
    instrument: 'time.seconds',
    unit: 's',
    help: 'x',
    fedBy: 'exporter',
    labels: ['n'],
  },
  bounds: [1, 2],
});
const RUNS = counter({
  name: 'runs_total',
  instrument: 'runs',
  unit: '{run}',
  help: 'x',
  fedBy: 'exporter',
  labels: ['n'],
});

function bigStore(count: number): { store: MetricStore; observe: (n: number) => void } {
  const store = new MetricStore({ clock: new HandClock(), limit: 1e6, expireAfterMs: 1000 });
  const handles = Array.from({ length: count }, (_, n) => ({
    time: store.bind(TIME, { n: String(n) }),
    runs: store.bind(RUNS, { n: String(n) }),
  }));
  const observe = (n: number): void => {
    handles[n]?.time.observe(1.5);
    handles[n]?.runs.inc();
  };
  return { store, observe };
}

async function piecesOf(source: AsyncIterable<string>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of source) pieces.push(piece);
  return pieces;
}

describe('render', () => {
  it('lets the event loop turn after each piece', async () => {
    const { store } = bigStore(3000);
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const pieces = await piecesOf(render(store, TEXT_0_0_4));
    isDone = true;
    expect(pieces.length).toBeGreaterThan(10);
    expect(turns).toBeGreaterThanOrEqual(pieces.length - 1);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(64 * 1024);
  });

  it('gives a body that is consistent in itself while everything changes', async () => {
    const { store, observe } = bigStore(3000);
    for (let n = 0; n < 3000; n++) observe(n);
    let body = '';
    for await (const piece of render(store, OPENMETRICS_1_0_0)) {
      body += piece;
      for (let n = 0; n < 3000; n++) observe(n);
      store.remove((_, { n }) => n === '17');
    }
    const families = parseExposition(body, 'openmetrics');
    const counts = families.get('time_seconds')?.samples.filter(({ name }) => name.endsWith('_count'));
    const runs = families.get('runs')?.samples;
    expect(counts).toHaveLength(3000);
    expect(new Set(counts?.map(({ value }) => value))).toEqual(new Set([1]));
    expect(new Set(runs?.map(({ value }) => value))).toEqual(new Set([1]));
  });

  it('takes all values at the call, not at the first piece', async () => {
    const { store, observe } = bigStore(1);
    const pieces = render(store, TEXT_0_0_4);
    observe(0);
    expect((await piecesOf(pieces)).join('')).toContain('runs_total{n="0"} 0');
  });

  it('throws at the call when collecting fails, before any piece', async () => {
    const { store } = bigStore(1);
    store.beforeCollect('broken', () => {
      throw new Error('no');
    });
    expect(() => render(store, TEXT_0_0_4)).toThrow(CollectError);
    await expect(collectBody(store, TEXT_0_0_4)).rejects.toThrow(CollectError);
  });
});

describe('a scrape', () => {
  it('answers plain text to who asks for nothing, with headers that keep caches away', async () => {
    const { store, clock } = tellStory();
    const { headers, body } = await createScraper({ store, clock })({});
    expect(headers).toEqual({
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      Vary: 'Accept, Accept-Encoding',
      'Cache-Control': 'no-store',
    });
    expect(parseExposition(body.toString(), 'text').size).toBeGreaterThan(20);
  });

  it('compresses for who accepts it, to the same bytes after unpacking', async () => {
    const { store, clock } = tellStory();
    const scrape = createScraper({ store, clock });
    const plain = await scrape({ accept: 'application/openmetrics-text' });
    const packed = await scrape({ accept: 'application/openmetrics-text', acceptEncoding: 'gzip' });
    expect(packed.headers['Content-Encoding']).toBe('gzip');
    expect(packed.body.length).toBeLessThan(plain.body.length / 5);
    const families = parseExposition(gunzipSync(packed.body).toString(), 'openmetrics');
    families.delete('fal_exporter_scrape_duration_seconds');
    expect(families).toEqual(parseExposition(plain.body.toString(), 'openmetrics'));
  });

  it('tells how long the one before it took', async () => {
    const { store, clock } = tellStory();
    store.beforeCollect('slow', () => clock.advance(250));
    const scrape = createScraper({ store, clock });
    expect((await scrape({})).body.toString()).not.toContain('fal_exporter_scrape_duration_seconds');
    expect((await scrape({})).body.toString()).toContain('\nfal_exporter_scrape_duration_seconds 0.25\n');
  });

  it('rejects when collecting fails: an empty 200 would read as every series gone', async () => {
    const { store, clock } = tellStory();
    store.beforeCollect('broken', () => {
      throw new Error('no');
    });
    await expect(createScraper({ store, clock })({})).rejects.toThrow(CollectError);
  });

  it('writes label text that is not ASCII as UTF-8', async () => {
    const { store } = bigStore(0);
    store.bind(RUNS, { n: 'größer 😀' });
    expect((await collectBody(store, TEXT_0_0_4)).toString('utf8')).toContain('n="größer 😀"');
  });
});
