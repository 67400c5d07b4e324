/**
 * How long a scrape takes, and how long it holds the event loop: our exposition beside prom-client and the stock
 * OpenTelemetry exporter, filled with the same series, in one process and one run.
 *
 *   node bench/scrape.ts
 */
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Bench } from 'tinybench';
import { OPENMETRICS_1_0_0 } from '../exporter/src/exposition/openmetrics.ts';
import { GZIP_LEVEL, createScraper } from '../exporter/src/exposition/scrape.ts';
import { TEXT_0_0_4 } from '../exporter/src/exposition/text.ts';
import { exporterStore, fillingsOf, hugeContent } from './scrape-content.ts';
import type { Filling } from './scrape-content.ts';
import { openTelemetry, ours, promClient } from './scrape-libraries.ts';
import type { Scrape } from './scrape-libraries.ts';

const OURS = 'fal-exporter, text';

interface Row {
  readonly library: string;
  readonly lines: number;
  readonly 'median ms': string;
  readonly 'longest stall ms': string;
  readonly 'ratio to ours': string;
}

/** Measures one content in every library. Throws when they do not serve the same number of lines. */
async function compare(content: readonly Filling[], timeMs: number): Promise<Row[]> {
  const own = ours(content);
  const text = own(TEXT_0_0_4);
  const compress = promisify(gzip);
  const scrapes: Readonly<Record<string, Scrape>> = {
    [OURS]: text,
    'fal-exporter, OpenMetrics': own(OPENMETRICS_1_0_0),
    'fal-exporter, text, gzip': async () => compress(await text(), { level: GZIP_LEVEL }),
    'prom-client': promClient(content),
    'OpenTelemetry stock exporter': openTelemetry(content),
  };
  const lines = await sampleLines(text);
  for (const library of ['prom-client', 'OpenTelemetry stock exporter']) {
    const theirs = await sampleLines(scrapes[library] ?? text);
    if (theirs !== lines)
      throw new Error(`unequal content: ${library} serves ${theirs} lines, ours ${lines}`);
  }
  const medians = await medianMs(scrapes, timeMs);
  const rows: Row[] = [];
  for (const [library, scrape] of Object.entries(scrapes)) {
    const median = medians.get(library) ?? NaN;
    rows.push({
      ...{ library, lines, 'median ms': median.toFixed(2) },
      'longest stall ms': (await longestStallMs(scrape)).toFixed(2),
      'ratio to ours': (median / (medians.get(OURS) ?? NaN)).toFixed(2),
    });
  }
  return rows;
}

async function medianMs(
  scrapes: Readonly<Record<string, Scrape>>,
  timeMs: number,
): Promise<Map<string, number>> {
  const bench = new Bench({ time: timeMs, iterations: 10, warmupTime: timeMs / 4, warmupIterations: 3 });
  for (const [library, scrape] of Object.entries(scrapes)) {
    bench.add(library, async () => {
      await scrape();
    });
  }
  await bench.run();
  return new Map(
    bench.tasks.map(({ name, result }) => [name, 'latency' in result ? result.latency.p50 : NaN]),
  );
}

async function sampleLines(scrape: Scrape): Promise<number> {
  return (await scrape())
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')).length;
}

/** The median over some scrapes of the longest time in which the event loop did not turn during one. */
async function longestStallMs(scrape: Scrape): Promise<number> {
  const stalls: number[] = [];
  for (let i = 0; i < 9; i++) {
    let isDone = false;
    let longest = 0;
    let before = performance.now();
    const tick = (): void => {
      const now = performance.now();
      longest = Math.max(longest, now - before);
      before = now;
      if (!isDone) setImmediate(tick);
    };
    setImmediate(tick);
    await scrape();
    isDone = true;
    await new Promise(setImmediate);
    stalls.push(longest);
  }
  return stalls.sort((a, b) => a - b)[4] ?? NaN;
}

/** What a Prometheus server causes: refresh of the quantiles, OpenMetrics, gzip. */
async function wholeScrapeMs(exporter: ReturnType<typeof exporterStore>): Promise<number> {
  const scrape = createScraper(exporter);
  const request = { accept: 'application/openmetrics-text;version=1.0.0', acceptEncoding: 'gzip' };
  const whole = { whole: async () => (await scrape(request)).body };
  return (await medianMs(whole, 1000)).get('whole') ?? NaN;
}

/** Runs the whole comparison and prints it. */
export async function runScrapeBench(): Promise<void> {
  const exporter = exporterStore(10);
  console.log(`A real exporter that probes 10 models, Node ${process.versions.node}`);
  console.log(`whole scrape as for Prometheus, median: ${(await wholeScrapeMs(exporter)).toFixed(2)} ms`);
  console.table(await compare(fillingsOf(exporter.store), 1000));
  console.log('100,000 series');
  console.table(await compare(hugeContent(), 2000));
}

if (import.meta.main) await runScrapeBench();
