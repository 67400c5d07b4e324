import { Recent } from './recent.ts';
import type { Quantiles, RunVerdict, WindowName, WindowsView, WindowStats } from './view.ts';

/** One finished run, as small as the windows need it. `seenAt` is on the monotonic clock, in milliseconds. */
export interface Sample {
  readonly seenAt: number;
  readonly verdict: RunVerdict;
  /** Only for runs that count for latency. */
  readonly latencySeconds?: number | undefined;
}

const WINDOW_MS: Readonly<Record<WindowName, number>> = { '5m': 300_000, '1h': 3_600_000 };

/** One run every five seconds for an hour; a faster probe shows the newest part of its hour and says so. */
const KEPT_SAMPLES = 720;

/** The runs of the last hour, for ratios and quantiles over sliding windows. */
export class SampleWindows {
  readonly #samples = new Recent<Sample>(KEPT_SAMPLES);
  #newestDropped = Number.NEGATIVE_INFINITY;

  add(sample: Sample): void {
    const oldest = this.#samples.items[0];
    const droppedBefore = this.#samples.dropped;
    this.#samples.push(sample);
    if (this.#samples.dropped > droppedBefore && oldest !== undefined) {
      this.#newestDropped = Math.max(this.#newestDropped, oldest.seenAt);
    }
  }

  stats(monotonicNow: number): WindowsView {
    this.#samples.keep((sample) => monotonicNow - sample.seenAt <= WINDOW_MS['1h']);
    return { '5m': this.#window('5m', monotonicNow), '1h': this.#window('1h', monotonicNow) };
  }

  #window(window: WindowName, now: number): WindowStats {
    const from = now - WINDOW_MS[window];
    const finished = this.#samples.items.filter(
      (sample) => sample.seenAt >= from && sample.verdict !== 'cancelled',
    );
    const failures = finished.filter((sample) => sample.verdict === 'failure').length;
    const refused = finished.filter(({ verdict }) => verdict === 'account' || verdict === 'app').length;
    const latencies = finished
      .map((sample) => sample.latencySeconds)
      .filter((seconds) => seconds !== undefined)
      .sort((a, b) => a - b);
    return {
      window,
      finished: finished.length,
      failures,
      refused,
      errorRatio: finished.length === 0 ? undefined : failures / finished.length,
      completed: latencies.length,
      quantiles: quantilesOf(latencies),
      isPartial: this.#newestDropped >= from,
    };
  }
}

/**
 * Exact quantiles by nearest rank: the smallest value that at least q of all values do not exceed
 * (`ceil(q × n)`-th of the sorted ones). Absent for no values.
 */
export function quantilesOf(sorted: readonly number[]): Quantiles | undefined {
  const p50 = nearestRank(sorted, 0.5);
  const p95 = nearestRank(sorted, 0.95);
  const p99 = nearestRank(sorted, 0.99);
  return p50 === undefined || p95 === undefined || p99 === undefined ? undefined : { p50, p95, p99 };
}

function nearestRank(sorted: readonly number[], quantile: number): number | undefined {
  // 0.95 × 20 is 19.000000000000004 in floating point; the rank must be 19.
  const rank = Math.ceil(Number((quantile * sorted.length).toFixed(6)));
  return sorted[Math.max(0, rank - 1)];
}
