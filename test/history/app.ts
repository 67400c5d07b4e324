import { ApiError, createFalClient } from '@fal-ai/client';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { FAKE_API_KEY, type Simulator, type VirtualClock } from 'fal-simulator';
import {
  instrumentFal,
  recordCircuitState,
  recordFallback,
  withFalAttributes,
} from 'opentelemetry-instrumentation-fal/client';
import { Breaker } from './breaker.ts';
import type { Errand, Feature } from './errand.ts';
import { FEATURES } from './features.ts';
import { listPrices } from './past-world.ts';

export interface PastAppOptions {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** From when on the app has its full traffic, ms since the epoch. */
  readonly rushSince: number;
}

/** More than these at once of one feature: the app keeps its users waiting and sends nothing. */
const MOST_AT_ONCE = 12;

/** The feature that goes to another provider while fal is out. */
const HURRIED = 'styled';
const ELSEWHERE = { provider: 'replicate', outcome: 'ok' } as const;

/** Shares of the full traffic before the rush, and in what is long past and of interest to sums only. */
const BEFORE_THE_RUSH = 0.3;
const LONG_AGO = 0.1;
const LONG_MS = 5 * 3_600_000;

/**
 * An app with several features that use fal, each with its own model, operation and team: the real client, our
 * instrumentation, the OpenTelemetry SDK and its stock Prometheus exporter, as the zero-code preset joins them.
 */
export class PastApp {
  readonly #options: PastAppOptions;
  readonly #exporter = new PrometheusExporter({ preventServerStart: true });
  readonly #serializer = new PrometheusSerializer();
  readonly #fal: ReturnType<typeof createFalClient>;
  readonly #errands: Errand[] = [];
  readonly #atOnce = new Map<string, number>();
  readonly #breakers = new Map<string, Breaker>();
  #isOpen = false;

  constructor(options: PastAppOptions) {
    this.#options = options;
    globalThis.WebSocket = options.simulator.WebSocket as unknown as typeof WebSocket;
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [this.#exporter] }));
    const create = instrumentFal(createFalClient, {
      attributes: ['team'],
      prices: listPrices(options.simulator.world),
    });
    this.#fal = create({
      credentials: FAKE_API_KEY,
      suppressLocalCredentialsWarning: true,
      fetch: options.simulator.fetch,
    });
  }

  /** What the app asked fal for, oldest first, and how it fared. */
  get errands(): readonly Errand[] {
    return this.#errands;
  }

  /** Its users come: the first of each feature within its usual pause. */
  open(): void {
    this.#isOpen = true;
    for (const feature of FEATURES) this.#expect(feature);
  }

  /** Nobody comes any more; what is under way goes on. */
  close(): void {
    this.#isOpen = false;
  }

  /** The answer to a scrape. */
  async scrape(): Promise<string> {
    const { resourceMetrics, errors } = await this.#exporter.collect();
    if (errors.length > 0) throw new Error('collecting the metrics of the app failed', { cause: errors[0] });
    return this.#serializer.serialize(resourceMetrics);
  }

  #expect(feature: Feature): void {
    const { clock, random, rushSince } = this.#options;
    const early = clock.now() < rushSince - LONG_MS ? LONG_AGO : BEFORE_THE_RUSH;
    const share = clock.now() < rushSince ? early : 1;
    // Users know nothing of each other: a Poisson process.
    const pauseMs = (-Math.log(1 - random()) * feature.everyMs) / share;
    clock.after(pauseMs, () => {
      if (!this.#isOpen) return;
      this.#expect(feature);
      if (!this.#breakerOf(feature).mayPass()) recordFallback({ ...feature, ...ELSEWHERE });
      else if ((this.#atOnce.get(feature.name) ?? 0) < MOST_AT_ONCE) void this.#send(feature);
    });
  }

  async #send(feature: Feature): Promise<void> {
    const { clock, random, simulator } = this.#options;
    const errand: Errand = { ...featureFacts(feature), startedAt: clock.now(), ended: 'pending' };
    this.#errands.push(errand);
    this.#count(feature, 1);
    try {
      await withFalAttributes({ team: feature.team }, () =>
        feature.run({ fal: this.#fal, clock, random, simulator, errand }),
      );
      errand.ended = 'ok';
    } catch (error) {
      Object.assign(errand, howItFailed(error));
    }
    errand.endedAt = clock.now();
    this.#breakerOf(feature).note(errand.ended !== 'error');
    this.#count(feature, -1);
  }

  /** Only pictures in a hurry are worth a second provider. */
  #breakerOf({ name, endpointId }: Feature): Breaker {
    let breaker = this.#breakers.get(name);
    if (breaker === undefined) {
      const tell = name === HURRIED ? recordCircuitState.bind(undefined, endpointId) : undefined;
      breaker = new Breaker(this.#options.clock, tell);
      this.#breakers.set(name, breaker);
    }
    return breaker;
  }

  #count({ name }: Feature, step: number): void {
    this.#atOnce.set(name, (this.#atOnce.get(name) ?? 0) + step);
  }
}

function featureFacts({
  name,
  endpointId,
  operation,
  team,
}: Feature): Pick<Errand, 'feature' | 'endpointId' | 'operation' | 'team'> {
  return { feature: name, endpointId, operation, team };
}

/** What the app itself can tell from what was thrown at it. */
function howItFailed(error: unknown): Pick<Errand, 'ended' | 'refusal' | 'requestId'> {
  if (!(error instanceof Error)) return { ended: 'error' };
  if (error.name === 'AbortError') return { ended: 'cancelled' };
  if (error.message.startsWith('Client timed out')) return { ended: 'timeout' };
  if (!(error instanceof ApiError)) return { ended: 'error' };
  const { status, requestId, body } = error as ApiError<{ readonly error_type?: string } | undefined>;
  const refusal = { status, isFromFal: requestId !== '', said: body?.error_type };
  return { ended: 'error', refusal, ...(requestId !== '' && { requestId }) };
}
