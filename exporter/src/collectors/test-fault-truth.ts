import { DEFAULT_ACCOUNT, type Account, type Job, type Simulator } from 'fal-simulator';
import type { ModelStatus } from '../domain/events.ts';

/** A value, and since when it has held, ms since the epoch. */
interface Held<T> {
  readonly since: number;
  readonly value: T;
}

/** What a value was, one after the other. */
export class History<T> {
  readonly #held: Held<T>[] = [];

  note(since: number, value: T): void {
    if (this.#held.length === 0 || this.#held.at(-1)?.value !== value) this.#held.push({ since, value });
  }

  /** Every value that held at some moment between the two, both inclusive. */
  between(from: number, to: number): readonly T[] {
    return this.#held
      .filter(({ since }, index) => since <= to && (this.#held[index + 1]?.since ?? Infinity) >= from)
      .map(({ value }) => value);
  }
}

/** Nano-dollars per unit, as one text, such as `20000000 per megapixels`; undefined where fal lists no price. */
export function priceText(nano: number | undefined, unit: string): string | undefined {
  return nano === undefined ? undefined : `${nano} per ${unit}`;
}

/** A job that has ended and what it was billed, as far as checks need it. */
export type EndedJob = Job & { readonly completedAt: number };

/**
 * What was true at the simulated fal, at every moment of a night: not what it told, but what its world and its ledger
 * hold. A number that the exporter shows and that is in none of these histories is invented.
 */
export class FaultTruth {
  readonly balance = new History<number>();
  readonly lock = new History<string | undefined>();
  readonly prices = new Map<string, History<string | undefined>>();
  readonly statuses = new Map<string, History<ModelStatus>>();
  readonly incident = new History<boolean>();
  /** The highest unit price of each model so far, nano-dollars. */
  readonly dearest = new Map<string, number>();
  /** All rises and falls so far of the balance as fal shows it, never below 0; nano-dollars. */
  rises = 0;
  falls = 0;
  readonly #simulator: Simulator;
  readonly #account: Account;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
    const account = simulator.world.accounts.get(DEFAULT_ACCOUNT);
    if (account === undefined) throw new Error(`the simulated world has no account ${DEFAULT_ACCOUNT}`);
    this.#account = account;
    this.#watchBalance();
    this.note();
  }

  /** To be called after everything that may have changed the world. */
  note(): void {
    const { clock, engine, world } = this.#simulator;
    const now = clock.now();
    this.lock.note(now, engine.lockOf(this.#account));
    this.incident.note(now, engine.switches.statusPage === 'incident');
    for (const [id, { unit, unitPriceNano, status }] of world.endpoints) {
      historyIn(this.prices, id).note(now, priceText(unitPriceNano, unit));
      const dearest = Math.max(unitPriceNano ?? 0, this.dearest.get(id) ?? 0);
      this.dearest.set(id, dearest);
      historyIn(this.statuses, id).note(now, status === 'removed' ? 'missing' : status);
    }
  }

  get ended(): readonly EndedJob[] {
    return this.#simulator.ledger.jobs.filter((job): job is EndedJob => job.completedAt !== undefined);
  }

  /** Nano-dollars charged until then, for one model or all. */
  charged(until: number, endpointId?: string): number {
    return this.ended
      .filter(
        (job) => job.completedAt <= until && (endpointId === undefined || job.endpointId === endpointId),
      )
      .reduce((sum, { chargedNano = 0 }) => sum + chargedNano, 0);
  }

  /** Units that were billed until then. */
  units(until: number, endpointId: string): number {
    return this.ended
      .filter((job) => job.completedAt <= until && job.endpointId === endpointId)
      .reduce((sum, { billableUnits = 0 }) => sum + billableUnits, 0);
  }

  /** Models that were billed, with what they were charged until then. */
  chargedByModel(until: number): ReadonlyMap<string, number> {
    const ids = new Set(
      this.ended.filter(({ chargedNano = 0 }) => chargedNano > 0).map((job) => job.endpointId),
    );
    return new Map([...ids].map((id) => [id, this.charged(until, id)]));
  }

  /** How many requests of a model ran, at every moment between the two. */
  running(endpointId: string, from: number, to: number): ReadonlySet<number> {
    const jobs = this.#simulator.ledger.jobs.filter((job) => job.endpointId === endpointId);
    const changes = jobs.flatMap(({ runs, completedAt }) => [runs[0]?.startedAt, completedAt]);
    const moments = changes.filter((at) => at !== undefined && at >= from && at <= to) as number[];
    return new Set(
      [from, ...moments].map(
        (at) =>
          jobs.filter(
            ({ runs, completedAt = Infinity }) => (runs[0]?.startedAt ?? Infinity) <= at && completedAt > at,
          ).length,
      ),
    );
  }

  /** In between two readings the balance moves with every job: each of its values has to be seen when it is set. */
  #watchBalance(): void {
    const { clock } = this.#simulator;
    let current = this.#account.balanceNano;
    this.balance.note(clock.now(), current);
    Object.defineProperty(this.#account, 'balanceNano', {
      get: () => current,
      set: (next: number) => {
        const change = Math.max(0, next) - Math.max(0, current);
        this.rises += Math.max(0, change);
        this.falls += Math.max(0, -change);
        current = next;
        this.balance.note(clock.now(), next);
      },
    });
  }
}

function historyIn<T>(histories: Map<string, History<T>>, key: string): History<T> {
  const known = histories.get(key);
  if (known !== undefined) return known;
  const fresh = new History<T>();
  histories.set(key, fresh);
  return fresh;
}
