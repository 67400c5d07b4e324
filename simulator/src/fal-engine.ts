import { authenticate, lockOf, refuseLocked } from './accounts/accounts.ts';
import { ClosableClock, type Clock } from './clock.ts';
import {
  type Caller,
  type EndpointLoad,
  type Engine,
  type FailureOrder,
  type Switches,
  healthySwitches,
} from './engine.ts';
import { Failures } from './failures.ts';
import { Dispatcher } from './jobs/dispatcher.ts';
import { JobDesk } from './jobs/job-desk.ts';
import { LostSubmits } from './jobs/lost-submits.ts';
import { Slots } from './jobs/slots.ts';
import { LedgerBook, type LedgerLimits } from './ledger-book.ts';
import { checkBillingFaults } from './platform/billing-faults.ts';
import { type Random, seededRandom } from './random.ts';
import type { HttpReply, SimulatedRequest } from './reply.ts';
import { newRequestId } from './request-ids.ts';
import { type WebhookOptions, scheduleOf } from './webhooks/schedule.ts';
import { WebhookDesk } from './webhooks/webhook-desk.ts';
import { Wire } from './wire/wire.ts';
import type { WireRule } from './wire/wire-rule.ts';
import { type Account, type ApiKey, type LockReason, type World, offered } from './world.ts';

export interface EngineOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly world: World;
  readonly indexingLagMs: number;
  readonly resultTtlMs: number;
  readonly ledgerLimits: LedgerLimits;
  readonly webhooks?: WebhookOptions | undefined;
}

/** The engine behind all hosts. */
export class FalEngine implements Engine {
  readonly clock: ClosableClock;
  readonly world: World;
  readonly ledger: LedgerBook;
  readonly random: Random;
  readonly seed: number;
  readonly switches: Switches = healthySwitches();
  readonly failures: Failures;
  readonly wire: Wire;
  readonly dispatcher: Dispatcher;
  readonly desk: JobDesk;
  readonly lostSubmits = new LostSubmits();
  readonly webhooks: WebhookDesk;
  readonly #ids: Random;
  readonly #defaultLagMs: number;
  #orders: (() => void)[] = [];

  constructor(options: EngineOptions) {
    const { seed } = options;
    this.seed = seed;
    this.clock = new ClosableClock(options.clock);
    this.world = options.world;
    this.#defaultLagMs = options.indexingLagMs;
    // A generator for each purpose: one more poll, or one more fault, must not change how long jobs run.
    this.random = seededRandom(seed);
    this.#ids = seededRandom(seed + 1);
    this.failures = new Failures(seededRandom(seed + 2));
    this.wire = new Wire(seededRandom(seed + 3));
    this.ledger = new LedgerBook(options.ledgerLimits, (requestId) => this.desk.forget(requestId));
    const slots = new Slots();
    const { clock, switches, failures } = this;
    this.dispatcher = new Dispatcher({
      clock,
      slots,
      switches,
      failures,
      random: seededRandom(seed + 4),
      fallbackOf: ({ fallback }) => (fallback === undefined ? undefined : offered(this.world, fallback)),
      isHeldByLock: (job) => switches.lockHoldsQueuedJobs && lockOf(job.order.account) !== undefined,
    });
    this.webhooks = new WebhookDesk({
      clock,
      switches,
      random: seededRandom(seed + 5),
      schedule: scheduleOf(options.webhooks),
    });
    const { dispatcher, ledger: book } = this;
    this.desk = new JobDesk({ clock, book, slots, dispatcher, resultTtlMs: options.resultTtlMs });
  }

  get indexingLagMs(): number {
    return this.switches.indexingLagMs ?? this.#defaultLagMs;
  }

  authenticate(request: SimulatedRequest, needs: { readonly scope: ApiKey['scope'] }): Caller | HttpReply {
    return authenticate(this.world, request, needs.scope);
  }

  lockOf(account: Account): LockReason | undefined {
    return lockOf(account);
  }

  refuseLocked(account: Account): HttpReply | undefined {
    return refuseLocked(account);
  }

  topUp(name: string, amountNano: number): void {
    const account = this.world.accounts.get(name);
    if (account === undefined) throw new RangeError(`cannot top up: there is no account ${name}`);
    if (!(Number.isSafeInteger(amountNano) && amountNano > 0)) {
      throw new RangeError(
        `cannot top up ${name}: expected a positive whole number of nano-dollars, got ${amountNano}`,
      );
    }
    account.balanceNano += amountNano;
    this.ledger.addTopUp({ account: name, at: this.clock.now(), amountNano });
    this.wake();
  }

  revokeKey(keyId: string): boolean {
    const key = [...this.world.keys.values()].find(({ id }) => id === keyId);
    if (key === undefined) return false;
    key.revoked = true;
    return true;
  }

  failNext(failure: FailureOrder & { readonly times?: number | undefined }): void {
    this.#orders.push(this.failures.add({ times: 1, ...failure }));
  }

  failRate(failure: FailureOrder & { readonly rate: number }): void {
    this.#orders.push(this.failures.add(failure));
  }

  breakWire(rule: WireRule): void {
    this.#orders.push(this.wire.add(rule));
  }

  setSwitches(switches: Partial<Switches>): void {
    checkBillingFaults(switches.billingEvents);
    Object.assign(this.switches, switches);
    this.wake();
  }

  clearFaults(): void {
    for (const takeBack of this.#orders) takeBack();
    this.#orders = [];
  }

  rotateWebhookKey({ keepOld = true }: { readonly keepOld?: boolean | undefined } = {}): void {
    this.webhooks.keys.rotate(keepOld);
  }

  wake(): void {
    this.dispatcher.wake();
  }

  newRequestId(): string {
    return newRequestId(this.clock, this.#ids);
  }

  load(endpointId: string): EndpointLoad {
    const endpoint = this.world.endpoints.get(endpointId);
    if (endpoint === undefined) {
      return { queued: 0, running: 0, idleRunners: 0, bootingRunners: 0 };
    }
    const { pool, queue, direct } = this.dispatcher.work(endpoint);
    return {
      queued: queue.length + direct.length,
      running: pool.busy,
      idleRunners: pool.idle(endpoint, this.clock.now()),
      bootingRunners: pool.booting,
    };
  }
}
