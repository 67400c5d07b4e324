import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSimulator,
  defaultWorld,
  FAKE_ADMIN_KEY,
  FAKE_API_KEY,
  type Account,
  type Endpoint,
  type Simulator,
  type SimulatorServer,
} from 'fal-simulator';
import { openState } from '../../exporter/src/state/state-file.ts';
import { startExporter, type ExporterProcess } from '../exporter-process.ts';
import { PastClock } from './past-clock.ts';

const HOUR_MS = 3_600_000;
/** How long the exporter has kept the books of the account already. */
const KNOWN_FOR_MS = 25 * HOUR_MS;
/** Long enough for a job of the past to end. */
const JOB_MS = 60_000;

/** A model for which a job is short and costs a dollar. */
export const MODEL = 'fal-ai/flux/dev';

/** An account at a fal of its own, with a past, and an exporter that has watched it since yesterday. */
export class SimulatedAccount {
  readonly simulator: Simulator;
  readonly #clock = new PastClock(KNOWN_FOR_MS);
  readonly #folder = mkdtempSync(join(tmpdir(), 'fal-observability-account-'));
  #server: SimulatorServer | undefined;
  #exporter: ExporterProcess | undefined;

  constructor() {
    const world = defaultWorld();
    for (const endpoint of world.endpoints.values()) {
      Object.assign(endpoint, { foreignQueue: 0, warmRunners: 8, maxRunners: 100 });
      endpoint.inference = { medianMs: 100, sigma: 0.1 };
    }
    this.simulator = createSimulator({ seed: 5, clock: this.#clock, world, indexingLagMs: 100 });
    this.model(MODEL).unitPriceNano = 1e9;
    this.fal.balanceNano = 10_000e9;
    this.fal.concurrencyLimit = 100;
  }

  /** What fal knows of the account; tests set it. */
  get fal(): Account {
    const [account] = this.simulator.world.accounts.values();
    if (account === undefined) throw new Error('the default world has no account');
    return account;
  }

  get url(): string {
    return started(this.#server).url;
  }

  get exporter(): ExporterProcess {
    return started(this.#exporter);
  }

  model(id: string): Endpoint {
    const endpoint = this.simulator.world.endpoints.get(id);
    if (endpoint === undefined) throw new Error(`the default world has no ${id}`);
    return endpoint;
  }

  /** Sends jobs, so many minutes before now; those that end have ended when it resolves. In order of time only. */
  async jobsOfThePast(minutesAgo: number, count: number, endpointId = MODEL): Promise<void> {
    await this.#clock.goTo(minutesAgo * 60_000);
    const sent = Array.from({ length: count }, () => this.send(endpointId));
    await this.#clock.goTo(minutesAgo * 60_000 - JOB_MS);
    await Promise.all(sent);
  }

  /** The past is over. */
  async arrive(): Promise<void> {
    await this.#clock.arrive();
  }

  /** Sends a job through the queue. */
  async send(endpointId = MODEL): Promise<void> {
    const response = await this.simulator.fetch(`https://queue.fal.run/${endpointId}`, {
      method: 'POST',
      headers: { authorization: `Key ${FAKE_API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a lighthouse' }),
    });
    if (!response.ok) throw new Error(`fal answered ${response.status}: ${await response.text()}`);
  }

  /** Starts the exporter on books that were opened yesterday. */
  async watch(config: string): Promise<void> {
    this.#server = await this.simulator.listen();
    const stateDir = join(this.#folder, 'state');
    const [, name = 'default'] = /name: (\w+)/.exec(config) ?? [];
    const yesterday = Date.now() - KNOWN_FOR_MS;
    const clock = { now: () => yesterday, monotonic: () => 0, after: () => () => undefined };
    // What an exporter learns of a simulated fal it keeps apart.
    const state = openState({ dir: join(stateDir, 'simulated'), clock });
    state.billing(name);
    state.close();
    this.configure(config);
    this.#exporter = await startExporter({
      stateDir,
      args: ['--config', this.#file],
      readyWithinMs: 60_000,
      env: { FAL_SIMULATOR_URL: this.#server.url, FAL_KEY: FAKE_API_KEY, FAL_ADMIN_KEY: FAKE_ADMIN_KEY },
    });
  }

  /** Writes the configuration; an exporter that runs reads it again by itself. */
  configure(config: string): void {
    writeFileSync(this.#file, config);
  }

  async stop(): Promise<void> {
    await this.#exporter?.stop();
    await this.#server?.close();
    this.simulator.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, 'fal-exporter.yml');
  }
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('nobody watches the account yet: call watch() first');
  return part;
}
