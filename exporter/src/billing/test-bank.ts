import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  FAKE_ADMIN_KEY,
  FAKE_API_KEY,
  type Simulator,
  VirtualClock,
  createSimulator,
  defaultWorld,
} from 'fal-simulator';
import { createBillingEventsCollector } from '../collectors/billing-events-collector.ts';
import type { Collector } from '../collectors/collector.ts';
import { createUsageCollector } from '../collectors/usage-collector.ts';
import { LatestUsage } from '../collectors/usage-readings.ts';
import type { Clock } from '../domain/clock.ts';
import type { EndpointSpend } from '../domain/events.ts';
import { type State, openState } from '../state/state-file.ts';
import type { BillingBooks } from './billing-books.ts';

export const MODELS = ['fal-ai/flux/schnell', 'fal-ai/fast-sdxl'] as const;
export type Model = (typeof MODELS)[number];

const HOUR_MS = 3_600_000;
const CONFIG = { enabled: true, intervalMs: 60_000, callsPerHour: 1000 };
/** Where a disk waits for each transaction, thousands of them take minutes. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A simulated fal that bills, and the exporter's books beside it, whose process can be killed at any moment. */
export class TestBank {
  readonly simulator: Simulator;
  /** fal has told costs that were too high, before it corrected them. */
  isToldTooMuch = false;
  readonly #clock = new VirtualClock();
  readonly #dirs: string[] = [];
  readonly #openedHour: number;
  #stepped = 0;
  #process: BankProcess;
  #shown: ReadonlyMap<string, number> = new Map();

  constructor(seed: number) {
    const world = defaultWorld();
    for (const account of world.accounts.values()) account.lockBelowNano = undefined;
    for (const model of MODELS) {
      const endpoint = world.endpoints.get(model);
      Object.assign(endpoint ?? {}, {
        inference: { medianMs: 20, sigma: 0 },
        coldStart: { medianMs: 0, sigma: 0 },
      });
    }
    this.simulator = createSimulator({ clock: this.#clock, seed, world, indexingLagMs: 5_000 });
    this.#openedHour = hourOf(this.#clock.now());
    this.#process = this.#start(this.#newDir());
  }

  /** Requests that are answered and billed, one after the other. */
  async spend(model: Model, requests: number): Promise<void> {
    for (let i = 0; i < requests; i += 1) {
      const answer = this.simulator.fetch(`https://fal.run/${model}`, {
        method: 'POST',
        headers: { authorization: `Key ${FAKE_API_KEY}` },
        body: JSON.stringify({ prompt: 'a lighthouse' }),
      });
      await this.#clock.advance(1_000);
      await (await answer).text();
    }
  }

  pass(ms: number): Promise<void> {
    return this.#clock.advance(ms);
  }

  /** Somebody sets the exporter's wall clock; fal's goes on. */
  stepClock(ms: number): void {
    this.#stepped = ms;
  }

  /** One reading of a collector. Says whether it succeeded; what fails is tried again another time. */
  async read(name: 'billing-events' | 'usage'): Promise<boolean> {
    const { signal } = new AbortController();
    let isGood: boolean | undefined;
    this.#process[name].collect({ signal, emit: () => undefined, spendCall: () => undefined }).then(
      () => (isGood = true),
      () => (isGood = false),
    );
    // A reading works in real turns of the event loop; one that waits for fal needs virtual time.
    for (let turn = 0; isGood === undefined; turn += 1) {
      await nextTurn();
      if (turn % 20 === 19) await this.#clock.advance(1_000);
    }
    this.#look();
    return isGood;
  }

  /** The process is gone without a word, and another one finds the files as they were. */
  kill(): void {
    const dir = this.#newDir();
    const { state } = this.#process;
    for (const suffix of ['', '-wal']) {
      if (existsSync(state.path + suffix)) cpSync(state.path + suffix, join(dir, `state.db${suffix}`));
    }
    state.close();
    this.#process = this.#start(dir);
    this.#look();
  }

  restart(): void {
    this.#process.state.close();
    this.#process = this.#start(this.#dirs.at(-1) ?? '');
    this.#look();
  }

  /** What the counters show, by model. */
  get shown(): ReadonlyMap<string, number> {
    return this.#shown;
  }

  get shownInAll(): number {
    return [...this.#shown.values()].reduce((sum, billed) => sum + billed, 0);
  }

  /** What the books hold at the moment, which a correction may have lowered. */
  get held(): number {
    return this.#process.books.billedBetween(this.#openedHour, this.#clock.now() + 24 * HOUR_MS);
  }

  /** What fal really charged since the books were opened. */
  charged(model?: string): number {
    const { jobs } = this.simulator.ledger;
    return jobs
      .filter(
        ({ endpointId, completedAt = -1 }) =>
          completedAt >= this.#openedHour && (model ?? endpointId) === endpointId,
      )
      .reduce((sum, { chargedNano = 0 }) => sum + chargedNano, 0);
  }

  close(): void {
    this.#process.state.close();
    this.simulator.close();
    for (const dir of this.#dirs) rmSync(dir, { recursive: true, force: true });
  }

  /** A counter that falls reads as a restart, and everything before it counts again. */
  #look(): void {
    const spends: readonly EndpointSpend[] = this.#process.books.spend();
    const now = new Map(spends.map(({ endpointId, billed }) => [endpointId, billed]));
    for (const [model, before] of this.#shown) {
      const after = now.get(model) ?? 0;
      if (after < before) throw new Error(`the counter of ${model} fell from ${before} to ${after}`);
    }
    this.#shown = now;
  }

  #start(dir: string): BankProcess {
    const clock: Clock = {
      now: () => this.#clock.now() + this.#stepped,
      monotonic: () => this.#clock.monotonic(),
      after: (ms, callback) => this.#clock.after(ms, callback),
    };
    const state = openState({ dir, clock });
    const books = state.billing('default');
    const access = { clock, fetch: this.simulator.fetch.bind(this.simulator), falKey: () => FAKE_API_KEY };
    const shared = { access, account: 'default', config: CONFIG, adminKey: () => FAKE_ADMIN_KEY, books };
    return {
      ...{ state, books },
      'billing-events': createBillingEventsCollector({ ...shared, prices: () => undefined }),
      usage: createUsageCollector({ ...shared, readings: new LatestUsage(clock) }),
    };
  }

  #newDir(): string {
    const dir = mkdtempSync(join(MEMORY, 'fal-bank-'));
    this.#dirs.push(dir);
    return dir;
  }
}

interface BankProcess {
  readonly state: State;
  readonly books: BillingBooks;
  readonly 'billing-events': Collector;
  readonly usage: Collector;
}

function hourOf(at: number): number {
  return at - (at % HOUR_MS);
}
