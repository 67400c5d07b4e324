import { DatabaseSync } from 'node:sqlite';
import {
  FAKE_ADMIN_KEY,
  FAKE_API_KEY,
  type Simulator,
  VIRTUAL_START_MS,
  VirtualClock,
  createSimulator,
} from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { StoredBooks } from '../billing/stored-books.ts';
import { Collecting } from '../collecting.ts';
import { collectorConfig, perCollector } from '../config/collectors.ts';
import type { Config } from '../config/config.ts';
import { testConfig } from '../config/test-config.ts';
import type { CollectorName } from '../domain/collector-name.ts';
import type { CollectorRan, DomainEvent, EventSink } from '../domain/events.ts';
import { createLockWatch } from '../domain/lock-watch.ts';
import { PriceBook } from '../domain/price-book.ts';
import { AppMetrics } from '../exposition/app-metrics.ts';
import { createRecorder } from '../metrics/recorder.ts';
import { MetricStore } from '../metrics/store.ts';
import { BalanceHistory } from '../state/balance-history.ts';
import { InFlightRequests } from '../state/in-flight-requests.ts';
import { Meta } from '../state/meta.ts';
import { ProbeRequests } from '../state/probe-requests.ts';
import { RecentRuns } from '../state/recent-runs.ts';
import { migrate } from '../state/schema.ts';
import { SpendLedger } from '../state/spend-ledger.ts';
import { StateDatabase } from '../state/state-database.ts';
import type { State } from '../state/state-file.ts';
import { FaultTruth } from './test-fault-truth.ts';

export const MINUTE = 60_000;
export const ACCOUNT = 'team';
/** Listed in the configuration; the account uses one more that is not. */
export const MODELS = ['fal-ai/flux/dev', 'fal-ai/flux/schnell', 'fal-ai/fast-sdxl'] as const;
const UNLISTED_MODEL = 'fal-ai/kling-video/v2/standard/text-to-video';

/** As often as a scrape looks. */
const SAMPLE_MS = 15_000;
const STEP_MS = 1_000;
const JOB_EVERY_MS = 45_000;
/** Twenty minutes before a full hour, so that the night has a part on either side of one: books are kept by the hour. */
const STARTS_AT = VIRTUAL_START_MS + 40 * MINUTE;

/** Models more often than by default, so that a night sees it; metrics of apps less often: a huge one takes its time. */
const INTERVALS: Readonly<Partial<Record<CollectorName, number>>> = {
  models: 10 * MINUTE,
  'serverless-metrics': 5 * MINUTE,
};

/** As the configuration file has it by default. */
export const COLLECTORS = perCollector((name) => {
  const settings = { enabled: true, interval: INTERVALS[name], calls_per_hour: undefined };
  return collectorConfig(name, settings, { interval: MINUTE, models: MODELS.length });
});

/** One series that has a value. */
export interface Shown {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a scrape would see. */
export interface Sample {
  /** Ms since the epoch. */
  readonly at: number;
  readonly families: ReadonlyMap<string, { readonly isCounter: boolean; readonly series: readonly Shown[] }>;
  /** Lines of the metrics of deployed apps. */
  readonly apps: readonly string[];
}

/** Another answer in place of a real one. */
export type Disguise = (real: Response, url: URL) => Response | Promise<Response>;

export interface Call {
  readonly at: number;
  readonly collector: CollectorName;
}

/**
 * A whole exporter as far as it collects, over a simulated fal with some traffic: the real registry, runner, schedule,
 * books, money watch, lock watch, recorder and store, on one virtual clock. Every call, event and scrape is kept.
 */
export class FaultNight {
  readonly clock = new VirtualClock(STARTS_AT);
  readonly simulator: Simulator;
  readonly truth: FaultTruth;
  readonly store: MetricStore;
  readonly calls: Call[] = [];
  readonly ran: CollectorRan[] = [];
  /** The last run of each collector, and the last one that succeeded. */
  readonly lastRan = new Map<CollectorName, CollectorRan>();
  readonly lastOk = new Map<CollectorName, CollectorRan>();
  /** When an event of a kind was told last, ms since the epoch. */
  readonly toldAt = new Map<DomainEvent['kind'], number>();
  /** What becomes of fal's answers on their way to the collectors. */
  disguise: Disguise | undefined;
  /** What the exporter itself complained of. */
  readonly troubles: string[] = [];
  events = 0;
  readonly #config: Config = testConfig({
    account: { name: ACCOUNT, lowBalance: 20e9, criticalBalance: 5e9, grants: [] },
    endpoints: MODELS.map((id) => ({ id, latencyLimitSeconds: 60 })),
    collectors: COLLECTORS,
  });
  readonly #collecting: Collecting;
  readonly #apps: AppMetrics;
  readonly #sinks: EventSink[] = [];
  readonly #callers = new AbortController();
  readonly #onSample: (sample: Sample) => void;
  #hasTraffic = true;
  #nextJobAt = STARTS_AT;
  #nextSampleAt = STARTS_AT;
  #jobs = 0;
  #lastSample: Sample | undefined;

  /** @param onSample is shown every scrape at once. */
  constructor(onSample: (sample: Sample) => void) {
    const { clock } = this;
    this.#onSample = onSample;
    const onDefect = (error: unknown): void => void this.troubles.push(`simulator: ${String(error)}`);
    this.simulator = createSimulator({ clock, seed: 3, onDefect });
    this.truth = new FaultTruth(this.simulator);
    this.store = new MetricStore({ clock, ...this.#config.series });
    this.#apps = new AppMetrics(this.store, clock);
    this.#collecting = this.#build();
  }

  /** Switches collecting on. */
  start(): void {
    this.#collecting.configure(this.#config);
  }

  /** Lets a change of the simulated fal take place now. */
  change<T>(change: () => T): T {
    const result = change();
    this.truth.note();
    return result;
  }

  stopTraffic(): void {
    this.#hasTraffic = false;
  }

  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    while (this.clock.now() < until) {
      if (this.#hasTraffic && this.clock.now() >= this.#nextJobAt) this.#send();
      await this.clock.advance(STEP_MS);
      this.truth.note();
      if (this.clock.now() < this.#nextSampleAt) continue;
      this.#nextSampleAt += SAMPLE_MS;
      this.#lastSample = this.#sample();
      this.#onSample(this.#lastSample);
    }
  }

  async stop(): Promise<void> {
    await this.#collecting.stop();
  }

  close(): void {
    this.#callers.abort();
    this.simulator.close();
  }

  get lastSample(): Sample {
    if (this.#lastSample === undefined) throw new Error('nothing was scraped yet');
    return this.#lastSample;
  }

  /** Ms since a collector last succeeded; infinite before it ever did. */
  ageMs(collector: CollectorName): number {
    return this.clock.now() - (this.lastOk.get(collector)?.at ?? -Infinity);
  }

  #build(): Collecting {
    const { clock } = this;
    const lock = createLockWatch(clock);
    const prices = new PriceBook();
    const emit: EventSink = (event) => {
      const told = event.kind === 'account_lock_observed' ? lock.observe(event) : event;
      if (told === undefined) return;
      for (const sink of this.#sinks) sink(told);
    };
    const say = (level: string) => (message: string) => void this.troubles.push(`${level}: ${message}`);
    const collecting = new Collecting({
      ...{ config: this.#config, clock, random: () => 0.5, emit, state: stateInMemory(clock), prices },
      log: { info: () => undefined, warn: say('warning'), error: say('error') },
      access: { clock, fetch: this.#fetch, falKey: () => FAKE_API_KEY },
      falAdminKey: () => FAKE_ADMIN_KEY,
      isLocked: (account) => lock.isLocked(account),
      showAppMetrics: this.#apps.show,
      onTrouble: say('trouble'),
    });
    const recorder = createRecorder({ store: this.store, clock, config: this.#config });
    this.#sinks.push((event) => prices.observe(event), recorder, this.#keep, collecting.observe);
    return collecting;
  }

  readonly #keep: EventSink = (event) => {
    this.events += 1;
    this.toldAt.set(event.kind, this.clock.now());
    if (event.kind !== 'collector_ran') return;
    this.ran.push(event);
    this.lastRan.set(event.collector, event);
    if (event.ok) this.lastOk.set(event.collector, event);
  };

  readonly #fetch: Fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    this.calls.push({ at: this.clock.now(), collector: callerOf(url) });
    const answer = this.simulator.fetch(input, init);
    const { disguise } = this;
    return disguise === undefined ? answer : answer.then((real) => disguise(real, url));
  };

  /** Somebody uses a model; what comes of it is the ledger's business. */
  #send(): void {
    this.#nextJobAt += JOB_EVERY_MS;
    const models = [...MODELS, UNLISTED_MODEL];
    const model = models[this.#jobs % models.length] ?? UNLISTED_MODEL;
    const host = this.#jobs % 3 === 0 ? 'fal.run' : 'queue.fal.run';
    this.#jobs += 1;
    const { signal } = this.#callers;
    const headers = { authorization: `Key ${FAKE_API_KEY}` };
    this.simulator
      .fetch(`https://${host}/${model}`, { method: 'POST', headers, body: '{"prompt":"a pier"}', signal })
      .catch(() => undefined);
  }

  #sample(): Sample {
    const { at, families } = this.store.collect();
    const shown = families.map(({ name, definition, series, values, width }) => {
      const all = series.map(({ labels }, i) => ({ labels: labels.values, value: values[i * width] ?? NaN }));
      const isCounter = definition.type === 'counter';
      // A gauge without a value is absent; a counter without one would be a defect, so it stays in.
      return [
        name,
        { isCounter, series: all.filter(({ value }) => isCounter || !Number.isNaN(value)) },
      ] as const;
    });
    return { at, families: new Map(shown), apps: this.#apps.current().flatMap(({ lines }) => lines) };
  }
}

const PATHS: Readonly<Record<string, CollectorName>> = {
  '/v1/account/billing': 'balance',
  '/v1/models/billing-events': 'billing-events',
  '/v1/models/usage': 'usage',
  '/v1/models/pricing': 'pricing',
  '/v1/models': 'models',
  '/v1/models/analytics': 'analytics',
  '/v1/models/requests/by-endpoint': 'request-history',
  '/v1/serverless/metrics': 'serverless-metrics',
};

/** Who asks for that. */
function callerOf({ hostname, pathname }: URL): CollectorName {
  if (hostname === 'rest.fal.ai') return 'lock';
  if (hostname === 'status.fal.ai') return 'status-page';
  const collector = hostname === 'api.fal.ai' ? PATHS[pathname] : undefined;
  if (collector === undefined) throw new Error(`no collector is known to ask for ${hostname}${pathname}`);
  return collector;
}

/** The real tables over a state file in memory: nothing here is about disks, and a disk would take minutes. */
function stateInMemory(clock: VirtualClock): State {
  const file = new DatabaseSync(':memory:');
  migrate(file, 0);
  const database = new StateDatabase(file, ':memory:');
  return {
    path: ':memory:',
    recovered: undefined,
    ledger: new SpendLedger(database, true),
    inFlight: new InFlightRequests(database, clock),
    recentRuns: new RecentRuns(database, (text) => text),
    probeRequests: new ProbeRequests(database),
    meta: new Meta(database),
    billing: (account) => new StoredBooks(database, account, clock),
    balanceHistory: (account) => new BalanceHistory(database, account),
    close: () => file.close(),
  };
}
