import type { Config, ProbeConfig } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import { COLLECTOR_NAMES } from '../domain/collector-name.ts';
import type { DomainEvent, EventSink, UnitPriceObserved } from '../domain/events.ts';
import { AccountBoard } from './account-board.ts';
import { MoneyBoard } from './money-board.ts';
import { PlantBoard } from './plant-board.ts';
import { PlatformBoard } from './platform-board.ts';
import { ProbeRecord } from './probe-record.ts';
import { Recent } from './recent.ts';
import { RunHistory, clip, runViewOf } from './run-history.ts';
import type { Seen } from './seen.ts';
import { StatusPageBoard } from './status-page-board.ts';
import type { EndpointFacts, EndpointView, RunView, StatusView, VerdictFacts } from './view.ts';

export interface StatusBoardOptions {
  readonly clock: Clock;
  readonly config: Config;
  /** True when the data comes from the simulator. */
  readonly demo: boolean;
  /** Version of the exporter, for the page. */
  readonly version: string;
  /** When the scheduler will start a probe next, ms since the epoch; estimated from the interval without it. */
  readonly nextRunAt?: ((probe: string) => number | undefined) | undefined;
  /** Whether a key with ADMIN scope is set, so that the page can say what is off for want of one. */
  readonly hasAdminKey?: (() => boolean) | undefined;
}

/** The read model of the status page and the health answers. */
export interface StatusBoard {
  /** Takes any event, in any order; never throws. */
  readonly sink: EventSink;
  /** Everything known now. Asks nobody and costs nothing. */
  view(): StatusView;
  /** The part of it that the verdict is judged by, at a fraction of the cost. */
  facts(): VerdictFacts;
  /** A new configuration is in force: probes that stay keep their past. */
  configure(config: Config): void;
}

const RECENT_RUNS = 10;
const DEFAULT_LATENCY_LIMIT_SECONDS = 60;

/** Builds the board. Memory is bounded by the number of configured probes and endpoints. */
export function createStatusBoard(options: StatusBoardOptions): StatusBoard {
  const board = new Board(options);
  return {
    sink: (event) => board.take(event),
    view: () => board.view(),
    facts: () => board.facts(),
    configure: (config) => board.configure(config),
  };
}

class Board {
  readonly #options: StatusBoardOptions;
  readonly #clock: Clock;
  readonly #started: Seen;
  readonly #recentRuns = new Recent<RunView>(RECENT_RUNS);
  readonly #account: AccountBoard;
  readonly #money: MoneyBoard;
  readonly #platform: PlatformBoard;
  readonly #plant = new PlantBoard();
  readonly #statusPage: StatusPageBoard;
  #config: Config;
  #probes = new Map<string, ProbeRecord>();
  #endpoints = new Map<string, RunHistory>();
  #prices = new Map<string, EndpointView['price']>();

  constructor(options: StatusBoardOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#started = { at: options.clock.now(), monotonic: options.clock.monotonic() };
    this.#config = options.config;
    this.#account = new AccountBoard(options.config);
    this.#money = new MoneyBoard(options.config);
    this.#platform = new PlatformBoard(options.config);
    this.#statusPage = new StatusPageBoard(options.config);
    this.configure(options.config);
  }

  configure(config: Config): void {
    this.#config = config;
    this.#account.configure(config);
    this.#money.configure(config);
    this.#platform.configure(config);
    this.#statusPage.configure(config);
    this.#probes = new Map(config.probes.map((probe) => [probe.name, this.#recordFor(probe)]));
    const ids = endpointIds(config);
    this.#endpoints = new Map(ids.map((id) => [id, this.#endpoints.get(id) ?? new RunHistory()]));
    this.#prices = new Map([...this.#prices].filter(([id]) => ids.includes(id)));
  }

  #recordFor(config: ProbeConfig): ProbeRecord {
    const known = this.#probes.get(config.name);
    // Another endpoint under an old name is another probe.
    const isSame = known?.config.endpointId === config.endpointId && known?.config.tier === config.tier;
    if (known === undefined || !isSame) return new ProbeRecord(config);
    known.config = config;
    return known;
  }

  take(event: DomainEvent): void {
    const seen = this.#seen(event.at);
    const boards = [this.#statusPage, this.#account, this.#money, this.#platform, this.#plant];
    if (boards.some((board) => board.take(event, seen))) return;
    switch (event.kind) {
      case 'probe_run_finished': {
        const record = this.#probes.get(event.probe);
        if (record === undefined) return;
        const run = runViewOf(event, seen.at);
        record.finished(run, seen);
        if (run.endpointId !== undefined) this.#endpoints.get(run.endpointId)?.add(run, seen.monotonic);
        this.#account.runFinished(run);
        this.#recentRuns.push(run);
        return;
      }
      case 'probe_run_started':
        this.#probes.get(event.probe)?.started(seen);
        return;
      case 'probe_run_skipped':
        this.#probes.get(event.probe)?.skip(event.reason, seen);
        return;
      case 'unit_price_observed':
        this.#priceObserved(event, seen);
        return;
      default:
    }
  }

  #priceObserved({ endpointId, price, unit }: UnitPriceObserved, { at }: Seen): void {
    if (!this.#endpoints.has(endpointId) || !Number.isFinite(price)) return;
    this.#prices.set(endpointId, { perUnit: price, unit: clip(unit), at });
  }

  /**
   * Ages run on the monotonic clock, so that a step of the wall clock moves no window. An event from before a
   * restart carries an old stamp and is as old as it says.
   */
  #seen(at: number): Seen {
    const now = this.#clock.now();
    const stamp = Number.isFinite(at) ? at : now;
    return { at: stamp, monotonic: this.#clock.monotonic() - Math.max(0, now - stamp) };
  }

  facts(): VerdictFacts {
    const now = this.#now();
    return {
      at: now.at,
      endpoints: [...this.#endpoints].map(([id, history]) => this.#endpointFacts(id, history)),
      probes: [...this.#probes.values()].map((record) => record.facts(now, this.#started, undefined)),
      account: this.#account.view(now),
      hosts: this.#plant.view().hosts,
      statusPage: this.#statusPage.view(now),
    };
  }

  #now(): Seen {
    return { at: this.#clock.now(), monotonic: this.#clock.monotonic() };
  }

  view(): StatusView {
    const now = this.#now();
    return {
      at: now.at,
      startedAt: this.#started.at,
      version: this.#options.version,
      demo: this.#options.demo,
      simulator: this.#options.demo ? this.#config.simulatorUrl : undefined,
      endpoints: [...this.#endpoints].map(([id, history]) => ({
        ...this.#endpointFacts(id, history),
        windows: history.windows(now.monotonic),
      })),
      probes: [...this.#probes.values()].map((record) =>
        record.view(now, this.#started, this.#options.nextRunAt?.(record.config.name)),
      ),
      recentRuns: this.#recentRuns.items.toReversed(),
      account: this.#account.view(now),
      money: this.#money.view(now),
      platform: this.#platform.view(now),
      hasAdminKey: this.#options.hasAdminKey?.(),
      switchedOff: COLLECTOR_NAMES.filter((name) => !this.#config.collectors[name].enabled),
      ...this.#plant.view(),
      statusPage: this.#statusPage.view(now),
    };
  }

  #endpointFacts(id: string, history: RunHistory): EndpointFacts {
    const probes = this.#config.probes.filter((probe) => probe.endpointId === id);
    const limit = this.#config.endpoints.find((endpoint) => endpoint.id === id)?.latencyLimitSeconds;
    return {
      id,
      latencyLimitSeconds: limit ?? DEFAULT_LATENCY_LIMIT_SECONDS,
      probes: probes.map((probe) => probe.name),
      runsModel: probes.some((probe) => probe.tier === 'inference'),
      runs: history.runs,
      condition: history.condition,
      price: this.#prices.get(id),
    };
  }
}

function endpointIds(config: Config): string[] {
  const probed = config.probes.flatMap((probe) => probe.endpointId ?? []);
  return [...new Set([...probed, ...config.endpoints.map((endpoint) => endpoint.id)])];
}
