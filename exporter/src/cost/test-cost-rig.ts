import {
  type Account,
  FAKE_ADMIN_KEY,
  FAKE_API_KEY,
  type Job,
  type Simulator,
  VirtualClock,
  createSimulator,
  defaultWorld,
} from 'fal-simulator';
import type { FalAccess } from '../fal/client.ts';
import type { CostLine } from './cost-line.ts';
import { type CostQuestion, DAY_MS } from './cost-question.ts';

export const HOUR_MS = 3_600_000;
export const FLUX = 'fal-ai/flux/dev';
export const SCHNELL = 'fal-ai/flux/schnell';
/** Keys beside the one of the default world; the last two have the same alias. */
export const KEYS = [FAKE_API_KEY, 'ci-id:ci-secret', 'shop-a:shop-secret', 'shop-b:shop-secret'] as const;
const ALIASES: Readonly<Record<string, string>> = { 'ci-id': 'ci', 'shop-a': 'shop', 'shop-b': 'shop' };

/** Answers in place of the simulator; undefined lets a call pass. */
type Answer = (url: URL) => Response | undefined;

export interface Order {
  readonly endpointId?: string;
  readonly key?: string;
  readonly times?: number;
}

/** An account at a simulated fal with several keys and no lock, whose bill is to be read. */
export class CostRig {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly account: Account;
  /** Midnight before the first job. */
  readonly begin: number;
  readonly asked: URL[] = [];
  readonly #stop = new AbortController();
  answer: Answer = () => undefined;

  constructor({ scenario = 'healthy', startMs }: { scenario?: string; startMs?: number } = {}) {
    this.clock = new VirtualClock(startMs);
    const world = defaultWorld();
    const [account] = world.accounts.values();
    const [key] = world.keys.values();
    if (account === undefined || key === undefined) throw new Error('the default world is empty');
    account.lockBelowNano = undefined;
    for (const text of KEYS.slice(1)) {
      const [id = '', secret = ''] = text.split(':');
      world.keys.set(text, { ...key, id, secret, alias: ALIASES[id] ?? id });
    }
    this.account = account;
    this.simulator = createSimulator({ clock: this.clock, seed: 11, world, scenario });
    this.begin = Math.floor(this.clock.now() / DAY_MS) * DAY_MS;
  }

  get access(): FalAccess {
    return {
      clock: this.clock,
      falKey: () => FAKE_API_KEY,
      fetch: async (input, init) => {
        const url = new URL(input instanceof Request ? input.url : input);
        this.asked.push(url);
        return this.answer(url) ?? this.simulator.fetch(url, init);
      },
    };
  }

  /** Queues jobs and lets an hour pass, in which they end and are listed. Gives their request ids. */
  async work({ endpointId = FLUX, key = FAKE_API_KEY, times = 1 }: Order = {}): Promise<string[]> {
    const ids: string[] = [];
    for (let sent = 0; sent < times; sent += 1) {
      const response = await this.simulator.fetch(`https://queue.fal.run/${endpointId}`, {
        method: 'POST',
        headers: { authorization: `Key ${key}` },
        body: '{"prompt":"a lighthouse"}',
      });
      ids.push(((await response.json()) as { request_id: string }).request_id);
    }
    await this.clock.advance(HOUR_MS);
    return ids;
  }

  setPrice(endpointId: string, unitPriceNano: number): void {
    const endpoint = this.simulator.world.endpoints.get(endpointId);
    if (endpoint === undefined) throw new Error(`no model ${endpointId}`);
    endpoint.unitPriceNano = unitPriceNano;
  }

  question(changes: Partial<CostQuestion> = {}): CostQuestion {
    return {
      ...{ access: this.access, adminKey: FAKE_ADMIN_KEY, since: this.begin, until: this.clock.now() },
      ...{ endpointIds: [], signal: this.#stop.signal, onProgress: () => undefined },
      ...changes,
    };
  }

  interrupt(): void {
    this.#stop.abort(new DOMException('Ctrl-C', 'AbortError'));
  }

  /** The bill by what `placeOf` says of a job, from the simulator's ledger. */
  charged(placeOf: (job: Job) => string = placeOfJob): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const job of this.simulator.ledger.jobs) {
      if ((job.billableUnits ?? 0) > 0)
        sums[placeOf(job)] = (sums[placeOf(job)] ?? 0) + (job.chargedNano ?? 0);
    }
    return sums;
  }
}

/** Day, model and alias of the key. */
export function placeOfJob({ completedAt = 0, endpointId, keyId }: Job): string {
  return [new Date(completedAt).toISOString().slice(0, 10), endpointId, ALIASES[keyId] ?? 'production'].join(
    ' ',
  );
}

/** What some lines tell, by the same places. */
export function billed(lines: readonly CostLine[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of lines) {
    const place = [line.day, line.endpoint, line.key].join(' ');
    sums[place] = (sums[place] ?? 0) + line.billed;
  }
  return sums;
}

export function answerOf(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

export function total(sums: Readonly<Record<string, number>>): number {
  return Object.values(sums).reduce((sum, each) => sum + each, 0);
}
