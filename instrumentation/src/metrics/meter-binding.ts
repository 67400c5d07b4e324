import type { BatchObservableCallback, Meter, MeterProvider, Observable } from '@opentelemetry/api';
import { PACKAGE_NAME } from '../version.ts';
import type { Movable } from './instruments.ts';

export interface MeterBindingOptions {
  /** The provider to use now. Asked often; it should do nothing but return one. */
  readonly meterProvider: () => MeterProvider;
  /** Of the scope of the metrics. */
  readonly version: string;
  readonly families: readonly Movable[];
  readonly collect: BatchObservableCallback;
}

/**
 * Keeps the instruments on the meter provider in force. Apps set theirs before or after the first request, and
 * tests set several; the metrics API has no proxy that would follow, as the tracing API has.
 */
export class MeterBinding {
  readonly #options: MeterBindingOptions;
  #pinned: MeterProvider | undefined;
  #current: MeterProvider | undefined;
  #release: (() => void) | undefined;

  constructor(options: MeterBindingOptions) {
    this.#options = options;
  }

  /** Stays with this provider whatever the app sets elsewhere; undefined asks again. */
  pin(provider: MeterProvider | undefined): void {
    this.#pinned = provider;
    this.follow();
  }

  /** Moves to the provider in force. One comparison when it is still the same. */
  follow(): void {
    const provider = this.#pinned ?? this.#options.meterProvider();
    if (provider === this.#current) return;
    // Before the attempt: a provider that fails is not tried again at every request.
    this.#current = provider;
    const release = this.#release;
    this.#release = undefined;
    try {
      release?.();
    } finally {
      this.#release = this.#moveTo(provider.getMeter(PACKAGE_NAME, this.#options.version));
    }
  }

  #moveTo(meter: Meter): () => void {
    const { families, collect } = this.#options;
    const observables = families
      .map((family) => family.moveTo(meter))
      .filter((instrument): instrument is Observable => instrument !== undefined);
    meter.addBatchObservableCallback(collect, observables);
    // The provider of before keeps what it was last told; told more, it would report all that follows twice.
    return () => meter.removeBatchObservableCallback(collect, observables);
  }
}
