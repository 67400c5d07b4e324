import { z } from 'zod';
import type { PriceChange } from '../domain/events.ts';

/** Where small facts outlive a restart, such as the table `meta` of the state file. */
export interface PriceMemory {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/** The last price of an endpoint that fal told. */
export interface KnownPrice {
  readonly endpointId: string;
  readonly unit: string;
  readonly price: number;
  /** Readings in a row in which fal answered properly and did not list it. */
  readonly absences: number;
}

/** A change without its effect, which depends on the usage of the moment. */
export type SeenChange = Omit<PriceChange, 'weeklyEffect'>;

export interface RememberedPrices {
  readonly known: readonly KnownPrice[];
  readonly changes: readonly SeenChange[];
}

const nano = z.int().nonnegative();
const unitPrice = z.object({ unit: z.string(), price: nano });
const remembered = z.object({
  known: z.array(
    z.object({ endpointId: z.string(), unit: z.string(), price: nano, absences: z.int().nonnegative() }),
  ),
  changes: z.array(
    z.object({
      endpointId: z.string(),
      move: z.enum(['raised', 'lowered', 'unit', 'withdrawn']),
      from: unitPrice,
      to: unitPrice.optional(),
      seenAt: z.number(),
    }),
  ),
});

/** What an earlier process knew of the prices of an account; nothing when there is nothing that can be read. */
export function loadPrices(memory: PriceMemory, account: string): RememberedPrices {
  const text = memory.get(keyOf(account));
  const parsed = text === undefined ? undefined : remembered.safeParse(jsonOf(text));
  return parsed?.success === true ? parsed.data : { known: [], changes: [] };
}

export function savePrices(memory: PriceMemory, account: string, prices: RememberedPrices): void {
  memory.set(keyOf(account), JSON.stringify(prices));
}

function keyOf(account: string): string {
  return `prices:${account}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
