import { usdFromNano, type NanoUsd } from '../domain/money.ts';
import { Recent } from './recent.ts';
import type { BurnView } from './view.ts';

interface BalanceSample {
  /** Monotonic, milliseconds. */
  readonly seenAt: number;
  readonly balance: NanoUsd;
}

const KEPT_BALANCES = 120;
/** Under this span a single large bill would read as a frightening rate. */
const SHORTEST_SPAN_MS = 600_000;
const MS_PER_HOUR = 3_600_000;

/**
 * How fast the balance falls. Only decreases are summed, so that a top-up neither hides spending nor reads as
 * negative spending.
 */
export class BurnMeter {
  readonly #balances = new Recent<BalanceSample>(KEPT_BALANCES);

  observe(sample: BalanceSample): void {
    this.#balances.push(sample);
  }

  /** Absent until the balances span ten minutes. */
  view(): BurnView | undefined {
    const items = this.#balances.items;
    const first = items[0];
    const last = items.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const spanMs = last.seenAt - first.seenAt;
    if (spanMs < SHORTEST_SPAN_MS) return undefined;
    let spent = 0;
    for (const [index, sample] of items.entries()) {
      const previous = items[index - 1];
      if (previous !== undefined) spent += Math.max(0, previous.balance - sample.balance);
    }
    const usdPerHour = usdFromNano(Math.round((spent * MS_PER_HOUR) / spanMs));
    const runwaySeconds =
      usdPerHour > 0 ? (Math.max(0, usdFromNano(last.balance)) / usdPerHour) * 3600 : undefined;
    return { usdPerHour, overSeconds: spanMs / 1000, runwaySeconds };
  }
}
