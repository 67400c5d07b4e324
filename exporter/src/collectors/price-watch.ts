import { roundedProduct } from '../domain/decimal.ts';
import type { PriceChange, PriceMove } from '../domain/events.ts';
import type { NanoUsd } from '../domain/money.ts';
import type { UnitPrice } from '../domain/unit-price.ts';
import {
  type KnownPrice,
  type PriceMemory,
  type SeenChange,
  loadPrices,
  savePrices,
} from './price-memory.ts';
import type { UsageReadings } from './usage-readings.ts';

const WEEK_MS = 7 * 86_400_000;
/** fal forgets a price for a moment when it is edited; twice in a row is a decision. */
const ABSENCES_OF_A_WITHDRAWAL = 2;
/** A price that changed at every reading would fill the memory; the newest changes are the ones to keep. */
const MOST_CHANGES = 500;

/** What fal answered about the prices of some endpoints. */
export interface PriceAnswer {
  /** `price` is absent where fal lists one that we cannot read, such as one in another currency. */
  readonly prices: readonly { readonly endpointId: string; readonly price: UnitPrice | undefined }[];
  /** Whether that was all that fal has to say: only then an endpoint without a price has none. */
  readonly isWhole: boolean;
}

export interface PriceWatchOptions {
  readonly memory: PriceMemory;
  /** Prices are those of one account; another one has others, and that is no change. */
  readonly account: string;
  readonly endpointIds: readonly string[];
  /** What was used in the last seven days, where it is known. */
  readonly weeklyUnits: UsageReadings['weeklyUnits'];
}

/**
 * Compares each reading of the prices with the last known ones, over restarts too. The first price of an endpoint is
 * no change; a price that comes back is compared with what it was before.
 */
export class PriceWatch {
  readonly #options: PriceWatchOptions;
  readonly #known: Map<string, KnownPrice>;
  #changes: readonly SeenChange[];
  #isSaved = true;

  constructor(options: PriceWatchOptions) {
    this.#options = options;
    const { known, changes } = loadPrices(options.memory, options.account);
    const isConfigured = ({ endpointId }: { readonly endpointId: string }): boolean =>
      options.endpointIds.includes(endpointId);
    this.#known = new Map(known.filter(isConfigured).map((price) => [price.endpointId, price]));
    this.#changes = changes.filter(isConfigured);
  }

  /**
   * Takes what fal answered about `asked` at a moment of the wall clock, ms since the epoch. What the memory refuses
   * (it throws then) is kept here and written next time.
   */
  observe(asked: readonly string[], { prices, isWhole }: PriceAnswer, at: number): void {
    const listed = Map.groupBy(prices, ({ endpointId }) => endpointId);
    for (const endpointId of asked) {
      const before = this.#known.get(endpointId);
      const after = nextOf(endpointId, before, { listed: listed.get(endpointId), isWhole });
      if (after === undefined || isEqual(after, before)) continue;
      this.#isSaved = false;
      this.#known.set(endpointId, after);
      const change = changeOf(before, after, at);
      if (change !== undefined) this.#changes = [...this.#changes, change].slice(-MOST_CHANGES);
    }
    if (!this.#isSaved) this.#save(at);
  }

  /** All changes of the last seven days, oldest first. */
  changes(now: number): readonly PriceChange[] {
    return this.#recent(now).map((change) => ({ ...change, weeklyEffect: this.#weeklyEffect(change) }));
  }

  #weeklyEffect({ endpointId, from, to }: SeenChange): NanoUsd | undefined {
    const usage = this.#options.weeklyUnits(endpointId);
    if (usage === undefined || to === undefined) return undefined;
    if (usage.unit !== from.unit || usage.unit !== to.unit) return undefined;
    const difference = to.price - from.price;
    const effect = roundedProduct(usage.units, Math.abs(difference));
    return effect === undefined || difference >= 0 || effect === 0 ? effect : -effect;
  }

  #recent(now: number): readonly SeenChange[] {
    return this.#changes.filter(({ seenAt }) => now - seenAt < WEEK_MS);
  }

  #save(now: number): void {
    const { memory, account } = this.#options;
    this.#changes = this.#recent(now);
    savePrices(memory, account, { known: [...this.#known.values()], changes: this.#changes });
    this.#isSaved = true;
  }
}

interface Listing {
  readonly listed: PriceAnswer['prices'] | undefined;
  readonly isWhole: boolean;
}

/** What is known of an endpoint after an answer; undefined when the answer says nothing about it. */
function nextOf(
  endpointId: string,
  before: KnownPrice | undefined,
  { listed = [], isWhole }: Listing,
): KnownPrice | undefined {
  const [only, ...others] = listed;
  if (only === undefined) {
    if (!isWhole || before === undefined) return undefined;
    return { ...before, absences: Math.min(before.absences + 1, ABSENCES_OF_A_WITHDRAWAL) };
  }
  // Several prices at once: nobody can say which one holds.
  if (only.price === undefined || others.length > 0) return undefined;
  return { endpointId, ...only.price, absences: 0 };
}

function isEqual(a: KnownPrice, b: KnownPrice | undefined): boolean {
  return a.unit === b?.unit && a.price === b.price && a.absences === b.absences;
}

function changeOf(before: KnownPrice | undefined, after: KnownPrice, seenAt: number): SeenChange | undefined {
  if (before === undefined) return undefined;
  const { endpointId } = after;
  const from = { unit: before.unit, price: before.price };
  if (after.absences > before.absences) {
    const isWithdrawn = after.absences === ABSENCES_OF_A_WITHDRAWAL;
    return isWithdrawn ? { endpointId, move: 'withdrawn', from, seenAt } : undefined;
  }
  const move = moveOf(from, after);
  return move && { endpointId, move, from, to: { unit: after.unit, price: after.price }, seenAt };
}

function moveOf(from: UnitPrice, to: UnitPrice): PriceMove | undefined {
  if (from.unit !== to.unit) return 'unit';
  if (from.price === to.price) return undefined;
  return to.price > from.price ? 'raised' : 'lowered';
}
