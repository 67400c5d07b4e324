/**
 * What the collectors cost the exporter: memory, and how long they hold its event loop, while they read pages of
 * 10,000 billing events and everything else about 100 models, from a server in another process into the real books
 * on a real file. Beside it what the page alone costs with `JSON.parse` and zod. Linux only: it reads /proc.
 *
 *   node bench/collectors.ts
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { billingEventRow } from '../exporter/src/collectors/billing-event-row.ts';
import { CollectorRunner } from '../exporter/src/collectors/collector-runner.ts';
import type { Collector } from '../exporter/src/collectors/collector.ts';
import { FailedRequests } from '../exporter/src/collectors/failed-requests.ts';
import { createCollectors } from '../exporter/src/collectors/registry.ts';
import { LatestUsage } from '../exporter/src/collectors/usage-readings.ts';
import { testConfig } from '../exporter/src/config/test-config.ts';
import { systemClock } from '../exporter/src/domain/clock.ts';
import type { DomainEvent } from '../exporter/src/domain/events.ts';
import { simulatorFetch } from '../exporter/src/fal/simulator-fetch.ts';
import { type State, openState } from '../exporter/src/state/state-file.ts';
import { ENDPOINT_IDS, EVENTS_PER_PAGE, servePlant } from './collectors-plant.ts';

const RUNS = 5;
const WALKS = 4;

/** As the launcher of the exporter starts it: exporter/bin/fal-exporter.js. */
const LEAN = [
  '--max-semi-space-size=1',
  '--optimize-for-size',
  '--heap-growing-percent=15',
  '--v8-pool-size=1',
];
const GLIBC = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' };

interface Figures {
  /** Highest resident memory over that of the warm process, in MB of 1000 kB. */
  readonly extraMb: number;
  /** The longest time in which the event loop did not turn, in ms: includes waiting for the disk and for a processor. */
  readonly stallMs: number;
  /** The most CPU that one turn of the event loop took, in ms: what is left of a stall on an idle machine. */
  readonly turnMs: number;
  /** Wall time of all readings together, in ms. */
  readonly tookMs: number;
}

/** What is measured: a first small reading to warm up, and then the real ones. */
interface Reader {
  readonly warmUp: () => Promise<unknown>;
  readonly read: () => Promise<unknown>;
  readonly close: () => void;
}

type ReaderName = 'all collectors' | 'billing-events' | 'usage' | 'JSON.parse and zod' | 'nothing';
const READERS: readonly ReaderName[] = [
  'all collectors',
  'billing-events',
  'usage',
  'JSON.parse and zod',
  'nothing',
];

async function measured({ warmUp, read, close }: Reader): Promise<Figures> {
  await warmUp();
  await warmUp();
  await pause(1000);
  const before = memoryKb('VmRSS');
  // Sets the high-water mark back to what is resident now: proc_pid_clear_refs(5).
  writeFileSync('/proc/self/clear_refs', '5');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const turns = watchTurns();
  const startedAt = performance.now();
  for (let walk = 0; walk < WALKS; walk += 1) {
    await read();
    await pause(50);
  }
  const tookMs = performance.now() - startedAt - WALKS * 50;
  delay.disable();
  const turnMs = await turns();
  const extraMb = (memoryKb('VmHWM') - before) / 1000;
  close();
  return { extraMb, stallMs: delay.max / 1e6, turnMs, tookMs };
}

/** Measures each turn of the event loop until the function that it gives is called, which tells the longest. */
function watchTurns(): () => Promise<number> {
  let isDone = false;
  let longest = 0;
  let before = cpuMs();
  const tick = (): void => {
    const now = cpuMs();
    longest = Math.max(longest, now - before);
    before = now;
    if (!isDone) setImmediate(tick);
  };
  setImmediate(tick);
  return async () => {
    isDone = true;
    await new Promise(setImmediate);
    return longest;
  };
}

/** CPU that this thread has used. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function memoryKb(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
}

/** The collectors of an exporter with 100 models and both keys, as its wiring builds them. */
function collectorsAt(url: string, state: State): Collector[] {
  const clock = systemClock;
  const access = { clock, fetch: simulatorFetch(url, fetch), falKey: () => 'bench:key' };
  const endpoints = ENDPOINT_IDS.map((id) => ({ id, latencyLimitSeconds: 60 }));
  const config = testConfig({ endpoints, statusPage: { enabled: false, url: 'https://status.fal.ai' } });
  const ports = {
    ...{ books: (account: string) => state.billing(account), memory: state.meta },
    ...{ usage: new LatestUsage(clock), failed: new FailedRequests(clock) },
    ...{ priceOf: () => undefined, isLocked: () => false },
  };
  return createCollectors({ config, access, adminKey: () => 'bench:admin', ports });
}

function collectorReader(url: string, isWanted: (name: string) => boolean): Reader {
  const dir = mkdtempSync(join(tmpdir(), 'fal-observability-collectors-'));
  const state = openState({ dir, clock: systemClock });
  const troubles: DomainEvent[] = [];
  const runner = new CollectorRunner({
    ...{ clock: systemClock, random: Math.random },
    emit: (event) => {
      if (event.kind === 'collector_ran' && !event.ok) troubles.push(event);
    },
  });
  const running = (base: string): (() => Promise<void>) => {
    const collectors = collectorsAt(base, state).filter(({ name }) => isWanted(name));
    return async () => {
      for (const collector of collectors) await runner.run(collector, new AbortController().signal);
      if (troubles.length > 0) throw new Error(`a reading failed: ${JSON.stringify(troubles[0])}`);
    };
  };
  const close = (): void => {
    state.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { warmUp: running(`${url}/small`), read: running(url), close };
}

/** The page alone, read the plain way and booked nowhere. */
function plainReader(url: string): Reader {
  const page = z.object({ billing_events: z.array(billingEventRow) });
  const reading = (base: string, rows: number) => async (): Promise<void> => {
    const response = await fetch(`${base}/api.fal.ai/v1/models/billing-events?limit=${EVENTS_PER_PAGE}`);
    const { billing_events: events } = page.parse(await response.json());
    if (events.length !== rows) throw new Error(`expected ${rows} events, got ${events.length}`);
  };
  return { warmUp: reading(`${url}/small`, 1), read: reading(url, EVENTS_PER_PAGE), close: () => undefined };
}

function readerOf(name: ReaderName, url: string): Reader {
  if (name === 'JSON.parse and zod') return plainReader(url);
  if (name === 'nothing') return { warmUp: () => pause(50), read: () => pause(500), close: () => undefined };
  const isWanted = (collector: string): boolean => name === 'all collectors' || collector === name;
  // The lock is asked for at the model hosts, which the plant does not have.
  return collectorReader(url, (collector) => collector !== 'lock' && isWanted(collector));
}

/** Starts this file again in another role and hands over its first message. */
function inChild<T>(args: readonly string[]): Promise<{ message: T; stop: () => void }> {
  const env = { ...process.env, ...GLIBC };
  const child = fork(import.meta.filename, args, { execArgv: LEAN, env, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${args[0] ?? ''} ended without an answer`)));
    child.once('message', (message) => resolve({ message: message as T, stop: () => child.kill() }));
  });
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}

/** Runs the whole comparison and prints it. */
export async function runCollectorsBench(): Promise<void> {
  const plant = await inChild<string>(['serve']);
  const found = new Map<ReaderName, Figures[]>(READERS.map((name) => [name, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const name of READERS) {
      const { message, stop } = await inChild<Figures>(['read', name, plant.message]);
      stop();
      found.get(name)?.push(message);
    }
  }
  plant.stop();
  console.log(
    `${ENDPOINT_IDS.length} models, ${WALKS} pages of ${EVENTS_PER_PAGE} events, medians of ${RUNS} runs`,
  );
  console.table(
    [...found].map(([reader, figures]) => ({
      reader,
      'extra MB': median(figures.map(({ extraMb }) => extraMb)).toFixed(1),
      'longest stall ms': median(figures.map(({ stallMs }) => stallMs)).toFixed(1),
      'of the best run': Math.min(...figures.map(({ stallMs }) => stallMs)).toFixed(1),
      'longest turn, CPU ms': median(figures.map(({ turnMs }) => turnMs)).toFixed(1),
      'all readings, ms': median(figures.map(({ tookMs }) => tookMs)).toFixed(0),
    })),
  );
}

if (import.meta.main) {
  const [role, name, url = ''] = process.argv.slice(2);
  if (role === 'serve') servePlant();
  else if (role === 'read') process.send?.(await measured(readerOf(name as ReaderName, url)));
  else await runCollectorsBench();
}
