import { ERROR_TYPES, faultOf, isFailure, outcomeOf } from 'opentelemetry-instrumentation-fal/core';
import type { ErrorType, Outcome } from 'opentelemetry-instrumentation-fal/core';
import type { ProbeConfig } from '../config/config.ts';
import type { HostChecked, ProbeRunFinished, SkipReason } from '../domain/events.ts';
import * as catalogue from './catalogue.ts';
import { QUANTILES, SLIDING_WINDOWS } from './catalogue.ts';
import type { Counter, Gauge, Histogram } from './series.ts';
import type { MetricStore } from './store.ts';
import { WindowQuantiles } from './window-quantile.ts';
import { slotLayout } from './window-slots.ts';

// Records and not lists: a value that is forgotten does not compile.
const EVERY_OUTCOME: Readonly<Record<Outcome, true>> = {
  ok: true,
  error: true,
  timeout: true,
  cancelled: true,
};
const EVERY_SKIP_REASON: Readonly<Record<SkipReason, true>> = {
  budget: true,
  slots: true,
  locked: true,
  fresh_traffic: true,
  standby: true,
};
const OUTCOMES = Object.keys(EVERY_OUTCOME) as readonly Outcome[];
const SKIP_REASONS = Object.keys(EVERY_SKIP_REASON) as readonly SkipReason[];

/**
 * The error types whose counters stand at zero from the start, so that the first one ever is visible to
 * `increase()`: whatever an alert looks at one by one. That is every failure, every timeout (the caller's own
 * start deadline too) and every refusal of the account. What the application sent wrong (422s, content policy)
 * alerts only in numbers, so those series appear with their first error; a probe never meets `platform.*`,
 * which the collectors' API has to itself.
 */
export const ERROR_TYPES_FROM_ZERO: readonly ErrorType[] = (Object.keys(ERROR_TYPES) as ErrorType[]).filter(
  (type) =>
    !type.startsWith('platform.') &&
    (isFailure(type) || outcomeOf(type) === 'timeout' || faultOf(type) === 'account'),
);

/** What an error without a type is booked under: it must not vanish from the count of failures. */
export const UNNAMED_ERROR: ErrorType = '_OTHER';

interface HostSeries {
  readonly up: Gauge;
  readonly response: Gauge;
}

/** Every series of one configured probe, bound once; the one place that knows which runs feed which. */
export class ProbeSeries {
  readonly #store: MetricStore;
  readonly #labels: {
    readonly account: string;
    readonly probe: string;
    readonly endpoint_id: string | undefined;
  };
  readonly #runs: ReadonlyMap<Outcome, { readonly count: Counter; readonly duration: Histogram }>;
  readonly #errors = new Map<ErrorType, Counter>();
  readonly #failures: Counter;
  readonly #skipped: ReadonlyMap<SkipReason, Counter>;
  readonly #queueWait: Histogram | undefined;
  readonly #inference: Histogram | undefined;
  readonly #up: Gauge;
  readonly #lastRun: Gauge;
  readonly #interval: Gauge;
  readonly #timeout: Gauge;
  readonly #hosts = new Map<string, HostSeries>();
  readonly #latencies = new WindowQuantiles(slotLayout(SLIDING_WINDOWS.map(({ seconds }) => seconds)));
  /** Per window, one gauge per quantile. */
  readonly #quantiles: readonly (readonly Gauge[])[];

  constructor(store: MetricStore, account: string, probe: ProbeConfig) {
    const { name, tier, endpointId } = probe;
    const own = { account, probe: name };
    const labels = { ...own, endpoint_id: endpointId };
    this.#store = store;
    this.#labels = labels;
    this.#runs = new Map(
      OUTCOMES.map((outcome) => [
        outcome,
        {
          count: store.bind(catalogue.probeRuns, { ...labels, outcome }),
          duration: store.bind(catalogue.probeDuration, { ...labels, outcome }),
        },
      ]),
    );
    for (const type of ERROR_TYPES_FROM_ZERO) this.#error(type);
    this.#failures = store.bind(catalogue.probeFailures, labels);
    this.#skipped = new Map(
      SKIP_REASONS.map((reason) => [reason, store.bind(catalogue.probeSkipped, { ...own, reason })]),
    );
    // A free probe asks no model, and a queue probe cancels before one runs: no histogram that never fills.
    this.#queueWait = tier === 'free' ? undefined : store.bind(catalogue.probeQueueWait, labels);
    this.#inference = tier === 'inference' ? store.bind(catalogue.probeInference, labels) : undefined;
    this.#up = store.bind(catalogue.probeUp, labels);
    this.#lastRun = store.bind(catalogue.probeLastRun, own);
    this.#interval = store.bind(catalogue.probeInterval, own);
    this.#timeout = store.bind(catalogue.probeTimeout, own);
    this.#quantiles = SLIDING_WINDOWS.map(({ window }) =>
      QUANTILES.map((q) =>
        store.bind(catalogue.probeDurationQuantile, { ...labels, quantile: String(q), window }),
      ),
    );
    this.configure(probe);
  }

  /** Takes over what may change while the series stay: interval and timeout. */
  configure(probe: ProbeConfig): void {
    this.#interval.set(probe.intervalMs / 1000);
    this.#timeout.set(probe.timeoutMs / 1000);
  }

  /** Books one finished run; `now` is monotonic ms. */
  finished(event: ProbeRunFinished, now: number): void {
    const run = this.#runs.get(event.outcome);
    run?.count.inc();
    run?.duration.observe(event.durationSeconds);
    this.#lastRun.set(event.at / 1000);
    if (event.queueWait !== undefined) this.#queueWait?.observe(event.queueWait.seconds);
    if (event.inference !== undefined) this.#inference?.observe(event.inference.seconds);
    this.#judge(event, now);
  }

  #judge({ outcome, error, durationSeconds }: ProbeRunFinished, now: number): void {
    // Cancelled means that the exporter stopped: it says nothing about fal.
    if (outcome === 'cancelled') return;
    this.#up.set(outcome === 'ok' ? 1 : 0);
    if (outcome !== 'ok') {
      const type = error?.type ?? UNNAMED_ERROR;
      this.#error(type).inc();
      if (isFailure(type)) this.#failures.inc();
    }
    if (outcome !== 'error') this.#latencies.observe(durationSeconds, now);
  }

  skipped(reason: SkipReason): void {
    this.#skipped.get(reason)?.inc();
  }

  hostChecked(event: HostChecked): void {
    const host = this.#host(event.host);
    host.up.set(event.up ? 1 : 0);
    if (event.up) host.response.set(event.durationSeconds);
    else host.response.clear();
  }

  /** Brings the quantile gauges to `now` (monotonic ms). */
  refresh(now: number): void {
    this.#quantiles.forEach((gauges, window) => {
      const { values } = this.#latencies.read(window, QUANTILES, now);
      gauges.forEach((gauge, i) => gauge.set(values[i] ?? NaN));
    });
  }

  #error(type: ErrorType): Counter {
    const known = this.#errors.get(type);
    if (known !== undefined) return known;
    const labels = { ...this.#labels, error_type: type, fault: faultOf(type) };
    const counter = this.#store.bind(catalogue.probeErrors, labels);
    this.#errors.set(type, counter);
    return counter;
  }

  #host(host: string): HostSeries {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const { account, probe } = this.#labels;
    const labels = { account, probe, host };
    const series = {
      up: this.#store.bind(catalogue.probeHostUp, labels, 'idle'),
      response: this.#store.bind(catalogue.probeHostResponse, labels, 'idle'),
    };
    this.#hosts.set(host, series);
    return series;
  }
}
