import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Simulator, VirtualClock, createSimulator } from 'fal-simulator';
import type { Exporter } from '../../exporter/src/exporter.ts';
import { PastApp } from './app.ts';
import { type LedgerFacts, factsOf } from './ledger-facts.ts';
import { scrapeOf, startPastExporter } from './past-exporter.ts';
import { FIRST_BALANCE_USD, pastWorld } from './past-world.ts';
import { type PastName, SCRIPTS, type Script, everydayFaults } from './pasts.ts';
import { remoteWriteBody } from './remote-write.ts';
import { SampleBook } from './sample-book.ts';
import { forgetTheDisk, liveVirtually, seededRandom } from './virtual-process.ts';

export interface RecordingOptions {
  readonly name: PastName;
  /** When the past begins and ends, ms since the epoch. */
  readonly start: number;
  readonly end: number;
  /** An empty folder: what is recorded goes there. */
  readonly folder: string;
  readonly seed: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** As Prometheus scrapes by default here for the last hour; what is older is known less often. */
const SCRAPES = [
  { untilMs: HOUR_MS, everyMs: 15_000 },
  // Still two in the minute that Grafana looks at for a rate.
  { untilMs: 6 * HOUR_MS, everyMs: 30_000 },
  { untilMs: Infinity, everyMs: 60_000 },
];
/** The app has its full traffic for so long before the end. */
const RUSH_MS = HOUR_MS;
/** A batch must be shorter than what Prometheus takes out of order, which is an hour. */
const BATCH_MS = 10 * MINUTE_MS;
/** Assumed: only panels about scrapes themselves show them. */
const SCRAPE_SECONDS = { exporter: 0.012, app: 0.006 };

/** The parts of a past while it is lived through. */
interface Stage {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly app: PastApp;
  readonly exporter: Exporter;
}

/**
 * Lives through a past in this process, which is in virtual time from then on, and writes what a Prometheus would
 * have scraped into `folder`: remote-write requests `0001.rw`, `0002.rw` … in order of time.
 */
export async function recordPast(options: RecordingOptions): Promise<LedgerFacts> {
  const script: Script = SCRIPTS[options.name];
  const { account = 'default', firstBalanceUsd = FIRST_BALANCE_USD } = script;
  const stage = await openStage(options, script);
  const { clock, simulator, app } = stage;
  if (script.hasTraffic !== false) app.open();
  const { start, end } = options;
  for (const { minutesBeforeEnd, happen } of script.turns ?? [])
    clock.after(end - minutesBeforeEnd * MINUTE_MS - start, () => happen({ ...stage, end }));
  await scrapeUntil(stage, options, account);
  return factsOf(simulator, app.errands, { name: account, firstBalanceUsd });
}

async function openStage({ start, end, folder, seed }: RecordingOptions, script: Script): Promise<Stage> {
  const clock = new VirtualClock(start);
  liveVirtually(clock, seed);
  forgetTheDisk();
  const simulator = createSimulator({
    ...{ clock, seed, world: pastWorld(script.firstBalanceUsd) },
    ledgerLimits: { jobs: 200_000, exchanges: 1000 },
  });
  everydayFaults(simulator);
  const { account = 'default', hasAdminKey = true, grantDays = 20 } = script;
  const app = new PastApp({ clock, simulator, random: seededRandom(seed + 1), rushSince: end - RUSH_MS });
  const stateDir = join(folder, 'state');
  mkdirSync(stateDir, { recursive: true });
  const random = seededRandom(seed + 2);
  const exporter = await startPastExporter({
    ...{ clock, simulator, random, stateDir, account, hasAdminKey, grantDays, end },
  });
  return { clock, simulator, app, exporter };
}

async function scrapeUntil(
  { clock, app, exporter }: Stage,
  { end, folder }: RecordingOptions,
  account: string,
): Promise<void> {
  const ofExporter = new SampleBook({ job: 'fal-exporter', instance: 'exporter:10464' });
  const labels = account === 'default' ? {} : { account };
  const ofApp = new SampleBook({ job: 'my-app', instance: 'app:9464', labels });
  let batches = 0;
  let writtenAt = clock.now();
  while (clock.now() < end) {
    await clock.advance(SCRAPES.find(({ untilMs }) => end - clock.now() <= untilMs)?.everyMs ?? 0);
    ofExporter.scrape(clock.now(), await scrapeOf(exporter), SCRAPE_SECONDS.exporter);
    ofApp.scrape(clock.now(), await app.scrape(), SCRAPE_SECONDS.app);
    if (clock.now() - writtenAt < BATCH_MS && clock.now() < end) continue;
    batches += 1;
    const file = join(folder, `${String(batches).padStart(4, '0')}.rw`);
    writeFileSync(file, remoteWriteBody([...ofExporter.take(), ...ofApp.take()]));
    writtenAt = clock.now();
  }
}
