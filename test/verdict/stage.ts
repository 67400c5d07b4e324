import {
  FAKE_ADMIN_KEY,
  FAKE_API_KEY,
  type Simulator,
  VirtualClock,
  createSimulator,
  defaultWorld,
} from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { CollectorRunner } from '../../exporter/src/collectors/collector-runner.ts';
import type { Collector } from '../../exporter/src/collectors/collector.ts';
import { FailedRequests } from '../../exporter/src/collectors/failed-requests.ts';
import { createCollectors } from '../../exporter/src/collectors/registry.ts';
import { LatestUsage } from '../../exporter/src/collectors/usage-readings.ts';
import { perCollector } from '../../exporter/src/config/collectors.ts';
import type { Config, ProbeConfig } from '../../exporter/src/config/config.ts';
import { testConfig } from '../../exporter/src/config/test-config.ts';
import type { CollectorName } from '../../exporter/src/domain/collector-name.ts';
import type { EventSink } from '../../exporter/src/domain/events.ts';
import { createLockWatch } from '../../exporter/src/domain/lock-watch.ts';
import { PriceBook } from '../../exporter/src/domain/price-book.ts';
import { ProbeRunner } from '../../exporter/src/probes/probe-runner.ts';
import type { Probe } from '../../exporter/src/probes/probe.ts';
import { createProbes } from '../../exporter/src/probes/registry.ts';
import { Slots } from '../../exporter/src/probes/slots.ts';
import { Schedule } from '../../exporter/src/schedule.ts';
import { type StatusBoard, createStatusBoard } from '../../exporter/src/status/board.ts';

export const DEV = 'fal-ai/flux/dev';
export const SCHNELL = 'fal-ai/flux/schnell';
export const SDXL = 'fal-ai/fast-sdxl';
export const KLING = 'fal-ai/kling-video/v2/standard/text-to-video';
export const MODELS = [DEV, SCHNELL, SDXL, KLING] as const;

const SECOND = 1000;
/** The slowest probe: what "two probe intervals" are counted in. */
export const LONGEST_INTERVAL_SECONDS = 60;
/** Of every probe of a model. */
export const PROBE_TIMEOUT_SECONDS = 60;

const INTERVALS: Readonly<Record<string, number>> = { [DEV]: 30, [SCHNELL]: 30, [SDXL]: 45, [KLING]: 60 };
/** Those whose readings the verdict looks at; none of them needs a state file. */
const COLLECTORS: ReadonlySet<CollectorName> = new Set(['balance', 'lock', 'pricing', 'status-page']);
const LIMITS: Readonly<Record<string, number>> = { [DEV]: 9, [SCHNELL]: 2, [SDXL]: 4.5, [KLING]: 20 };

/** What the network between the exporter and the world does; `cut` fails as a missing DNS server would. */
export type Network = 'well' | 'cut' | 'silent';

export interface Stage {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly board: StatusBoard;
  setNetwork(network: Network): void;
  /** Stops every probe, as a scheduler that is stuck would. */
  pauseProbes(): void;
  resumeProbes(): void;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly seed: number;
  /** The models that are probed; all four by default. */
  readonly models?: readonly string[] | undefined;
}

/** The parts of a real exporter, from schedule to status board, before a simulated fal and on its clock. */
export function setStage({ seed, models = MODELS }: StageOptions): Stage {
  const clock = new VirtualClock();
  const world = defaultWorld();
  const kling = world.endpoints.get(KLING);
  // Its usual 45 s would only make every scenario longer.
  if (kling !== undefined) kling.inference = { medianMs: 6 * SECOND, sigma: 0.2 };
  const simulator = createSimulator({ clock, seed, world });
  const config = stageConfig(models);
  const board = createStatusBoard({ clock, config, demo: true, version: 'test' });
  let network: Network = 'well';
  const fetch: Fetch = (input, init) =>
    network === 'well' ? simulator.fetch(input, init) : withoutNetwork(network, init?.signal);
  const parts = startParts({ clock, config, fetch, emit: board.sink, seed });
  return {
    ...{ clock, simulator, board },
    setNetwork: (next) => {
      network = next;
    },
    pauseProbes: () => parts.probes.replace([]),
    resumeProbes: () => parts.probes.replace(parts.built),
    async close() {
      const stopped = Promise.all([parts.probes.stop(), parts.collectors.stop()]);
      await clock.advance(SECOND);
      await stopped;
      simulator.close();
    },
  };
}

function stageConfig(models: readonly string[]): Config {
  const probes = models.map((endpointId, index): ProbeConfig => ({
    ...{ name: `model-${index}`, tier: 'inference', endpointId, input: { prompt: 'status probe' } },
    ...{ intervalMs: (INTERVALS[endpointId] ?? 60) * SECOND, timeoutMs: PROBE_TIMEOUT_SECONDS * SECOND },
  }));
  const gateway: ProbeConfig = {
    ...{ name: 'hosts', tier: 'free', intervalMs: 30 * SECOND, timeoutMs: 10 * SECOND, input: {} },
  };
  return testConfig({
    probes: [...probes, gateway],
    endpoints: models.map((id) => ({ id, latencyLimitSeconds: LIMITS[id] ?? 60 })),
    account: {
      name: 'simulated-team',
      concurrencyLimit: 10,
      lowBalance: 20e9,
      criticalBalance: 5e9,
      grants: [],
    },
    collectors: perCollector((name) => ({
      ...{ enabled: COLLECTORS.has(name), intervalMs: 60 * SECOND, callsPerHour: 1000 },
    })),
  });
}

interface PartsOptions {
  readonly clock: VirtualClock;
  readonly config: Config;
  readonly fetch: Fetch;
  readonly emit: EventSink;
  readonly seed: number;
}

interface Parts {
  readonly built: readonly Probe[];
  readonly probes: Schedule<Probe>;
  readonly collectors: Schedule<Collector>;
}

function startParts({ clock, config, fetch, emit: toAll, seed }: PartsOptions): Parts {
  const access = { clock, fetch, falKey: () => FAKE_API_KEY };
  const random = pseudoRandom(seed);
  const lock = createLockWatch(clock);
  const emit: EventSink = (event) => {
    const told = event.kind === 'account_lock_observed' ? lock.observe(event) : event;
    if (told !== undefined) toAll(told);
  };
  const runner = new ProbeRunner({
    ...{ clock, emit, prices: new PriceBook() },
    slots: new Slots({
      ...{ clock, emit, account: () => config.account.name },
      limit: () => config.account.concurrencyLimit,
    }),
    spend: {
      reserve: () => ({ ok: true, reservation: true }),
      settle: () => ({ cost: 0, source: 'worst_case' }),
      release: () => undefined,
    },
    inFlight: { add: () => undefined, remove: () => undefined },
    onTrouble: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  const built = createProbes({ config, access, randomUuid: () => '00000000-0000-4000-8000-000000000000' });
  const run = async (probe: Probe, signal: AbortSignal): Promise<void> => {
    await runner.run(probe, signal);
  };
  const probes = new Schedule({ clock, random, run });
  const collectors = new Schedule({ clock, random, run: new CollectorRunner({ clock, random, emit }).run });
  probes.replace(built);
  const ports = {
    books: () => {
      throw new Error('no collector of the stage keeps books');
    },
    ...{ usage: new LatestUsage(clock), failed: new FailedRequests(clock), priceOf: () => undefined },
    ...{
      memory: { get: () => undefined, set: () => undefined },
      isLocked: (account: string) => lock.isLocked(account),
    },
  };
  collectors.replace(createCollectors({ config, access, adminKey: () => FAKE_ADMIN_KEY, ports }));
  return { built, probes, collectors };
}

function withoutNetwork(network: Network, signal: AbortSignal | null | undefined): Promise<Response> {
  const cause = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  if (network === 'cut') return Promise.reject(new TypeError('fetch failed', { cause }));
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Numbers in [0, 1) that are the same at every run (a linear congruential generator). */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * The client sleeps on the global timers between its attempts, for a time that it draws at random; this puts both
 * under our rule, so that every run of a test comes out the same. Returns what puts the real ones back.
 */
export function ruleGlobals(clockOf: () => VirtualClock, seed: number): () => void {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const realRandom = Math.random;
  const cancels = new Map<number, () => void>();
  let lastId = 0;
  const setVirtual = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): number => {
    const id = (lastId += 1);
    const fire = (): void => {
      cancels.delete(id);
      callback(...args);
    };
    cancels.set(id, clockOf().after(ms, fire));
    return id;
  };
  const clearVirtual = (id: number | undefined): void => {
    cancels.get(id ?? 0)?.();
    cancels.delete(id ?? 0);
  };
  Object.assign(globalThis, { setTimeout: setVirtual, clearTimeout: clearVirtual });
  Math.random = pseudoRandom(seed);
  return () => {
    Object.assign(globalThis, real);
    Math.random = realRandom;
  };
}
