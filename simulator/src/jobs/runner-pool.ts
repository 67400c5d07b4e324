/** A machine that runs one request at a time. */
export interface Runner {
  readonly id: string;
  /** How long its boot took, ms; 0 for one that was warm from the start. */
  readonly bootMs: number;
  readonly bootStartedAt: number;
  /** It has run nothing yet. */
  isFresh: boolean;
  idleSince: number;
}

export interface PoolSettings {
  readonly warmRunners: number;
  readonly maxRunners: number;
  readonly idleTimeoutMs: number;
}

/** The runners of one endpoint. Idle ones that outstayed their time are dropped when somebody looks. */
export class RunnerPool {
  readonly #newId: () => string;
  #idle: Runner[] = [];
  #busy = new Set<Runner>();
  #booting = 0;

  /** @param warmSince when the warm runners became idle, ms since the epoch. */
  constructor(settings: PoolSettings, newId: () => string, warmSince: number) {
    this.#newId = newId;
    for (let count = 0; count < settings.warmRunners; count += 1) {
      const id = newId();
      this.#idle.push({ id, bootMs: 0, bootStartedAt: warmSince, isFresh: false, idleSince: warmSince });
    }
  }

  get booting(): number {
    return this.#booting;
  }

  get busy(): number {
    return this.#busy.size;
  }

  idle(settings: PoolSettings, now: number): number {
    this.#dropExpired(settings, now);
    return this.#idle.length;
  }

  /** Whether one more may boot. */
  hasRoom(settings: PoolSettings): boolean {
    return this.#idle.length + this.#busy.size + this.#booting < settings.maxRunners;
  }

  /** Takes the runner that became idle last, so that surplus ones run into their timeout. */
  take(settings: PoolSettings, now: number): Runner | undefined {
    this.#dropExpired(settings, now);
    const runner = this.#idle.pop();
    if (runner !== undefined) this.#busy.add(runner);
    return runner;
  }

  startBoot(): void {
    this.#booting += 1;
  }

  finishBoot(now: number, bootMs: number): void {
    this.#booting -= 1;
    this.#idle.push({
      id: this.#newId(),
      bootMs,
      bootStartedAt: now - bootMs,
      isFresh: true,
      idleSince: now,
    });
  }

  release(runner: Runner, now: number): void {
    if (!this.#busy.delete(runner)) return;
    runner.idleSince = now;
    runner.isFresh = false;
    this.#idle.push(runner);
  }

  lose(runner: Runner): void {
    this.#busy.delete(runner);
  }

  stopIdle(): void {
    this.#idle = [];
  }

  #dropExpired(settings: PoolSettings, now: number): void {
    // A fresh runner survives an idle timeout of 0 until the job that it was booted for has taken it.
    this.#idle = this.#idle.filter((runner) => {
      const idleMs = now - runner.idleSince;
      return idleMs < settings.idleTimeoutMs || (runner.isFresh && idleMs === 0);
    });
  }
}
