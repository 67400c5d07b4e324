import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { createBudget } from './budget/budget.ts';
import { Collecting } from './collecting.ts';
import type { Config } from './config/config.ts';
import type { Clock } from './domain/clock.ts';
import type { EventSink } from './domain/events.ts';
import { fanOut } from './domain/fan-out.ts';
import { createLockWatch } from './domain/lock-watch.ts';
import { messageOf } from './domain/message-of.ts';
import { PriceBook } from './domain/price-book.ts';
import type { FalAccess } from './fal/client.ts';
import { simulatorFetch } from './fal/simulator-fetch.ts';
import type { Log } from './log.ts';
import { logEvents } from './log-events.ts';
import { cancelLeftovers } from './probes/leftovers.ts';
import type { Probe } from './probes/probe.ts';
import { ProbeRunner } from './probes/probe-runner.ts';
import { type BuiltProbe, rebuildProbes } from './probes/registry.ts';
import { Slots } from './probes/slots.ts';
import { Schedule } from './schedule.ts';
import { type Showing, startShowing } from './showing.ts';
import { guardSpend } from './spending.ts';
import { type State, openState } from './state/state-file.ts';

export interface ExporterOptions {
  readonly config: Config;
  /** Asked at every use, so that a rotated key takes effect at once. */
  readonly falKey: () => string | undefined;
  readonly falAdminKey: () => string | undefined;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly randomUuid: () => string;
  readonly fetch: Fetch;
  readonly log: Log;
  /** Takes every key out of a text. */
  readonly redact: (text: string) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** True when the numbers come from a simulator; said in log, page and metric. */
  readonly isDemo: boolean;
}

/** A running exporter. */
export interface Exporter {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  /** Puts another configuration in force, but for what needs a restart: listen, state_dir, simulator_url, web. */
  reconfigure(config: Config): void;
  /** Takes any domain event from outside the flow, such as the outcome of reading the configuration. */
  readonly emit: EventSink;
  /** Cancels what is at fal, finishes the scrape that runs, closes the state file. */
  stop(): Promise<void>;
}

/**
 * Everything, joined in the order of the flow:
 *
 * ```text
 * config ─▶ probes, collectors ─▶ domain events ─▶ showing (store, exposition, board, pages)
 *                                       └────────▶ state file, prices, log
 * ```
 *
 * Rejects with an error that says what to do when the state directory or the port cannot be used.
 */
export async function startExporter(options: ExporterOptions): Promise<Exporter> {
  const { config, clock, log } = options;
  const state = openState({ dir: config.stateDir, clock, log, redact: options.redact });
  try {
    // The pages ask what does not exist before them.
    const late: { exporter?: RunningExporter } = {};
    const showing = await startShowing({
      ...options,
      pastRuns: state.recentRuns.list(),
      isReady: () => late.exporter !== undefined,
      nextRunAt: (probe) => late.exporter?.nextRunAt(probe),
    });
    late.exporter = new RunningExporter(options, state, showing);
    return late.exporter;
  } catch (error) {
    state.close();
    throw error;
  }
}

class RunningExporter implements Exporter {
  readonly url: string;
  readonly emit: EventSink;
  readonly #options: ExporterOptions;
  readonly #state: State;
  readonly #showing: Showing;
  readonly #access: FalAccess;
  readonly #stopping = new AbortController();
  readonly #probes: Schedule<Probe>;
  readonly #collecting: Collecting;
  readonly #leftovers: Promise<void>;
  #config: Config;
  #built: readonly BuiltProbe[] = [];

  constructor(options: ExporterOptions, state: State, showing: Showing) {
    this.#options = options;
    this.#config = options.config;
    this.#state = state;
    this.#showing = showing;
    this.url = showing.url;
    this.#access = falAccess(options);
    const prices = new PriceBook();
    const sinks = [
      (event) => prices.observe(event),
      showing.sink,
      this.#remember,
      logEvents(options.log),
    ] as EventSink[];
    const lock = createLockWatch(options.clock);
    const toAll = fanOut(sinks, this.#onTrouble);
    // Witnesses of a lock contradict each other; everybody else hears what follows from all of them.
    this.emit = (event) => {
      const told = event.kind === 'account_lock_observed' ? lock.observe(event) : event;
      if (told !== undefined) toAll(told);
    };
    this.#probes = this.#scheduleProbes(prices);
    this.#collecting = new Collecting({
      ...{ ...options, access: this.#access, state, prices, emit: this.emit, onTrouble: this.#onTrouble },
      isLocked: (account) => lock.isLocked(account),
      showAppMetrics: showing.showAppMetrics,
    });
    sinks.push(this.#collecting.observe);
    this.#leftovers = this.#cancelLeftovers();
    this.#applySchedules();
  }

  reconfigure(config: Config): void {
    this.#config = config;
    this.#showing.configure(config);
    this.#applySchedules();
  }

  nextRunAt(probe: string): number | undefined {
    const ms = this.#probes.dueInMs(probe);
    return ms === undefined ? undefined : this.#options.clock.now() + ms;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new DOMException('the exporter is stopping', 'AbortError'));
    // Side by side: each of them is bounded, and together they must stay under a second.
    await Promise.all([this.#probes.stop(), this.#collecting.stop(), this.#leftovers, this.#showing.stop()]);
    this.#state.close();
  }

  #scheduleProbes(prices: PriceBook): Schedule<Probe> {
    const { clock, random, log } = this.#options;
    const { emit } = this;
    const budget = createBudget({ state: this.#state, clock, config: () => this.#config.budget });
    const spend = guardSpend({ budget, clock, emit, log, signal: this.#stopping.signal });
    const account = (): string => this.#config.account.name;
    const slots = new Slots({
      ...{ clock, emit, account, limit: () => this.#config.account.concurrencyLimit },
      runningAtFal: () => this.#collecting.runningAtFal,
    });
    const { inFlight, probeRequests } = this.#state;
    const runner = new ProbeRunner({
      ...{ clock, emit, slots, spend, prices },
      inFlight: {
        add(request) {
          inFlight.add(request);
          // Also when its end is never seen: it is in the bill all the same.
          probeRequests.add(request.requestId, clock.now());
        },
        remove: (requestId) => inFlight.remove(requestId),
      },
      onTrouble: this.#onTrouble,
    });
    return new Schedule({
      clock,
      random,
      run: async (probe, signal) => void (await runner.run(probe, signal)),
    });
  }

  #applySchedules(): void {
    const config = this.#config;
    const { randomUuid } = this.#options;
    this.#collecting.configure(config);
    this.#built = rebuildProbes({ config, access: this.#access, randomUuid }, this.#built);
    this.#probes.replace(this.#built.map(({ probe }) => probe));
  }

  /** What a restart should still know. */
  readonly #remember: EventSink = (event) => {
    if (event.kind === 'probe_run_finished') this.#state.recentRuns.add(event);
  };

  #cancelLeftovers(): Promise<void> {
    return cancelLeftovers(this.#state.inFlight.list(), {
      access: this.#access,
      signal: this.#stopping.signal,
      forget: (requestId) => this.#state.inFlight.remove(requestId),
      tell: (message, facts) => this.#options.log.warn(message, facts),
    });
  }

  readonly #onTrouble = (message: string, error: unknown): void => {
    this.#options.log.error(message, { reason: messageOf(error) });
  };
}

/** The road to fal, or to the simulator that the configuration names. */
export function falAccess({
  config,
  fetch,
  clock,
  falKey,
}: Pick<ExporterOptions, 'config' | 'fetch' | 'clock' | 'falKey'>): FalAccess {
  const { simulatorUrl } = config;
  return { clock, falKey, fetch: simulatorUrl === undefined ? fetch : simulatorFetch(simulatorUrl, fetch) };
}
