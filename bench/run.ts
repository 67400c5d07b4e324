import { runScrapeBench } from './scrape.ts';

/** Every benchmark, one after the other; the figures in README.md come from here. */
await runScrapeBench();
