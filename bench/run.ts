import { runCollectorsBench } from './collectors.ts';
import { runInstrumentationBench } from './instrumentation.ts';
import { runScrapeBench } from './scrape.ts';

/** The benchmarks that take a minute or so each, one after the other; the figures in README.md come from here. */
await runScrapeBench();
await runInstrumentationBench();
await runCollectorsBench();
process.exit(0);
