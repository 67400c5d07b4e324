import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackgroundProcess, startProcess } from '../background-process.ts';
import type { LedgerFacts } from './ledger-facts.ts';
import type { PastName } from './pasts.ts';
import type { RecordingOptions } from './record-past.ts';

export interface PastOptions {
  /** Length; 6 unless given. */
  readonly hours?: number;
  /** How far beyond now it reaches, in minutes; 10 unless given. */
  readonly minutesAhead?: number;
  /** Of everything that is left to chance; 1 unless given. */
  readonly seed?: number;
}

/** Hours of scrapes of an exporter and of an app, and the truth that they are about. */
export interface Past {
  readonly name: PastName;
  /** Unix time in seconds, whole scrapes; what was asked before `start` or after `end` finds nothing. */
  readonly start: number;
  readonly end: number;
  /** What really happened, as of `end`. */
  readonly facts: LedgerFacts;
  /** The scrapes as remote-write requests, to be sent in this order. */
  readonly requestFiles: readonly string[];
  /** Deletes the files. They go as well when this process ends or is killed. */
  remove(): Promise<void>;
}

export const FACTS_FILE = 'facts.json';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Every longest scrape interval is a part of it. */
const GRID_MS = MINUTE_MS;
/** Only a hang takes so long, whatever else the machine does. */
const WITHIN_MS = 60 * MINUTE_MS;

/**
 * Lives through one of the named pasts in a process of its own, in virtual time, and keeps what a Prometheus would
 * have scraped. It ends a few minutes from now, so that queries at "now" find it for a while.
 */
export async function buildPast(name: PastName, options: PastOptions = {}): Promise<Past> {
  const { hours = 6, minutesAhead = 10, seed = 1 } = options;
  const end = Math.ceil((Date.now() + minutesAhead * MINUTE_MS) / GRID_MS) * GRID_MS;
  const start = end - Math.round((hours * HOUR_MS) / GRID_MS) * GRID_MS;
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-past-'));
  const writer = await write({ name, start, end, folder, seed });
  const facts = JSON.parse(readFileSync(join(folder, FACTS_FILE), 'utf8')) as LedgerFacts;
  const requests = readdirSync(folder).filter((file) => file.endsWith('.rw'));
  const requestFiles = requests.sort().map((file) => join(folder, file));
  const remove = async (): Promise<void> => void (await writer.stop());
  return { name, start: start / 1000, end: end / 1000, facts, requestFiles, remove };
}

/** Resolves when everything is written; the files are there until the process is stopped, ended though it is. */
async function write(options: RecordingOptions): Promise<BackgroundProcess> {
  const writer = await startProcess({
    name: `the past ${options.name}`,
    command: process.execPath,
    args: [join(import.meta.dirname, 'write-past.ts'), JSON.stringify(options)],
    env: { PATH: process.env.PATH },
    folders: [options.folder],
  });
  const deadline = setTimeout(() => process.kill(writer.pid, 'SIGKILL'), WITHIN_MS);
  const { code } = await writer.exited;
  clearTimeout(deadline);
  if (code === 0) return writer;
  await writer.stop();
  throw new Error(`living through the past ${options.name} failed:\n${writer.output()}`);
}
