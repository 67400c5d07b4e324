import { createFetch } from './adapters/fetch.ts';
import { listen } from './adapters/listen.ts';
import { rootPage } from './adapters/root-page.ts';
import { Visits } from './adapters/visits.ts';
import { createWebSocketClass } from './adapters/web-socket.ts';
import { realClock } from './clock.ts';
import { createControlApi } from './control/index.ts';
import { defaultWorld } from './default-world.ts';
import { FalEngine } from './fal-engine.ts';
import { answer } from './front-door.ts';
import { DEFAULT_LEDGER_LIMITS } from './ledger-book.ts';
import { createQueueHost } from './model-hosts/queue-host.ts';
import { createRunHost } from './model-hosts/run-host.ts';
import { createPlatformApi } from './platform/index.ts';
import type { HostHandler } from './reply.ts';
import { Director } from './scenarios/director.ts';
import type { Simulator, SimulatorOptions, SimulatorServer } from './simulator.ts';
import { createStatusPage } from './status-page/index.ts';
import { createCdn, createRestApi } from './storage/index.ts';

/** About what users see on fal: a job is in the usage reports half a minute after its end. Invented. */
const DEFAULT_INDEXING_LAG_MS = 30_000;

/** fal speaks of about an hour for stored results. */
const DEFAULT_RESULT_TTL_MS = 3_600_000;

/**
 * Builds a simulator. Nothing happens before the first request, except what the scenario schedules.
 *
 * @throws RangeError for an unknown scenario, or times of webhooks that are no times.
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const engine = new FalEngine({
    clock: options.clock ?? realClock,
    seed: options.seed ?? 1,
    world: options.world ?? defaultWorld(),
    indexingLagMs: options.indexingLagMs ?? DEFAULT_INDEXING_LAG_MS,
    resultTtlMs: options.resultTtlMs ?? DEFAULT_RESULT_TTL_MS,
    ledgerLimits: { ...DEFAULT_LEDGER_LIMITS, ...options.ledgerLimits },
    webhooks: options.webhooks,
  });
  const director = new Director(engine);
  const visits = new Visits();
  const servers = new Set<SimulatorServer>();
  const hosts = new Map<string, HostHandler>();
  const { clock, ledger: book, wire, desk, lostSubmits } = engine;
  const onDefect = options.onDefect ?? warn;
  const door = { engine, clock, book, wire, desk, lostSubmits, hosts, onDefect };
  const take = (request: Parameters<typeof answer>[1]): ReturnType<typeof answer> => answer(door, request);

  const simulator: Simulator = {
    clock: engine.clock,
    world: engine.world,
    ledger: engine.ledger,
    engine,
    fetch: createFetch(take, visits),
    WebSocket: createWebSocketClass({ answer: take, visits }),
    listen: async (where = {}) => {
      const page = (): string => rootPage(director.name);
      const server = await listen({ answer: take, visits, rootPage: page }, where);
      servers.add(server);
      return server;
    },
    applyScenario: (name, { endpointId } = {}) => director.apply(name, endpointId),
    get scenario() {
      return director.name;
    },
    close: () => {
      engine.clock.close();
      engine.webhooks.close();
      visits.close();
      for (const server of servers) void server.close();
    },
  };
  for (const [host, handler] of hostHandlers(engine, simulator)) hosts.set(host, handler);
  if (options.scenario !== undefined) simulator.applyScenario(options.scenario);
  return simulator;
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}

function hostHandlers(engine: FalEngine, simulator: Simulator): Map<string, HostHandler> {
  const { desk, failures, lostSubmits, dispatcher, webhooks } = engine;
  return new Map([
    ['fal.run', createRunHost({ engine, desk, failures, lostSubmits, book: engine.ledger })],
    ['queue.fal.run', createQueueHost({ engine, desk, failures, lostSubmits, dispatcher, webhooks })],
    ['rest.fal.ai', createRestApi(engine, { webhookKeys: () => engine.webhooks.keys.published })],
    ['api.fal.ai', createPlatformApi(engine)],
    ['v3.fal.media', createCdn(engine)],
    ['status.fal.ai', createStatusPage(engine)],
    ['_control', createControlApi(simulator, engine)],
  ]);
}
