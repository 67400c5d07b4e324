/** The providers that an app sets: late, none, another one, a broken one. */
import {
  type MeterProvider as AnyMeterProvider,
  ProxyTracerProvider,
  metrics as metricsApi,
} from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, it } from 'vitest';
import { LABELS, over, seriesOf, testedMetrics } from './test-reading.ts';

const OK = 'endpoint_id=fal-ai/flux/dev,operation=run,outcome=ok';

interface Plant {
  readonly provider: MeterProvider;
  readonly successes: () => Promise<number | undefined>;
  readonly durations: () => Promise<number | undefined>;
}

function plant(): Plant {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const read = async (instrument: string): Promise<number | undefined> =>
    seriesOf((await reader.collect()).resourceMetrics, instrument)[OK];
  return {
    provider,
    successes: () => read('fal.client.requests'),
    durations: () => read('fal.client.request.duration.seconds'),
  };
}

afterEach(() => metricsApi.disable());

describe('without a meter provider', () => {
  it.each([
    ['but that of the API, which does nothing', (): AnyMeterProvider => metricsApi.getMeterProvider()],
    ['at all', (): AnyMeterProvider => undefined as unknown as AnyMeterProvider],
  ])('%s, requests are recorded without a word', (_, meterProvider) => {
    const { metrics, errors, warnings } = testedMetrics(undefined, { meterProvider });
    metrics.started(LABELS);
    metrics.attempted(LABELS, '200');
    metrics.ended(over());
    expect([errors, warnings]).toEqual([[], []]);
  });
});

describe('a meter provider that is set later', () => {
  it('shows what was counted before, and the durations from then on', async () => {
    const { metrics } = testedMetrics(undefined, { meterProvider: () => metricsApi.getMeterProvider() });
    metrics.ended(over());
    const { provider, successes, durations } = plant();
    metricsApi.setGlobalMeterProvider(provider);
    metrics.ended(over());
    expect(await successes()).toBe(2);
    expect(await durations()).toBe(1);
  });

  it('shows the counts without another request when it is handed over', async () => {
    const { metrics } = testedMetrics(undefined, { meterProvider: () => metricsApi.getMeterProvider() });
    metrics.ended(over());
    const { provider, successes } = plant();
    metrics.useMeterProvider(provider);
    expect(await successes()).toBe(1);
  });
});

describe('two meter providers, one after the other', () => {
  it('the second shows all counts, the first stays where it was', async () => {
    const [first, second] = [plant(), plant()];
    let current: AnyMeterProvider = first.provider;
    const { metrics } = testedMetrics(undefined, { meterProvider: () => current });
    metrics.ended(over());
    expect(await first.successes()).toBe(1);
    current = second.provider;
    metrics.ended(over());
    metrics.ended(over());
    expect(await second.successes()).toBe(3);
    expect(await second.durations()).toBe(2);
    expect(await first.successes()).toBe(1);
    expect(await first.durations()).toBe(1);
  });

  it('the first shows all counts when it comes back', async () => {
    const [first, second] = [plant(), plant()];
    const { metrics } = testedMetrics(first.provider);
    metrics.ended(over());
    metrics.useMeterProvider(second.provider);
    metrics.ended(over());
    metrics.useMeterProvider(undefined);
    expect(await first.successes()).toBe(2);
  });

  it('the first no longer asks what is in flight', async () => {
    const [first, second] = [plant(), plant()];
    let asked = 0;
    const active = (): [] => {
      asked += 1;
      return [];
    };
    const { metrics } = testedMetrics(first.provider, { active });
    metrics.ended(over());
    metrics.useMeterProvider(second.provider);
    await first.successes();
    expect(asked).toBe(0);
    await second.successes();
    expect(asked).toBe(1);
  });

  it('a pinned one is kept whatever the app sets', async () => {
    const [pinned, set] = [plant(), plant()];
    const { metrics } = testedMetrics(set.provider);
    metrics.useMeterProvider(pinned.provider);
    metrics.ended(over());
    expect(await pinned.successes()).toBe(1);
    expect(await set.successes()).toBeUndefined();
  });

  it('are asked for their instruments once each', () => {
    const { provider } = plant();
    let asked = 0;
    const counting: AnyMeterProvider = {
      getMeter: (...args) => {
        asked += 1;
        return provider.getMeter(...args);
      },
    };
    const { metrics } = testedMetrics(counting);
    for (let i = 0; i < 5; i += 1) metrics.ended(over());
    expect(asked).toBe(1);
  });
});

describe('two readers of one meter provider', () => {
  it('each see all of it', async () => {
    const readers = [0, 1].map(() => new PrometheusExporter({ preventServerStart: true }));
    const { metrics } = testedMetrics(new MeterProvider({ readers }));
    for (const count of [1, 2]) {
      metrics.ended(over());
      const seen = await Promise.all(readers.map((reader) => reader.collect()));
      const counts = seen.map(({ resourceMetrics }) => seriesOf(resourceMetrics, 'fal.client.requests')[OK]);
      expect(counts).toEqual([count, count]);
    }
  });
});

describe('a meter provider that fails', () => {
  const failing = (): never => {
    throw new Error('out of meters');
  };

  it.each([
    ['cannot be had', failing],
    ['has no meter', (): AnyMeterProvider => ({ getMeter: failing })],
    ['is none', (): AnyMeterProvider => new ProxyTracerProvider() as unknown as AnyMeterProvider],
  ])('because it %s costs no count, and is said once', async (_, meterProvider) => {
    const { metrics, errors } = testedMetrics(undefined, { meterProvider });
    metrics.started(LABELS);
    metrics.ended(over());
    metrics.ended(over());
    expect(errors).toHaveLength(1);
    const { provider, successes } = plant();
    metrics.useMeterProvider(provider);
    expect(await successes()).toBe(2);
  });

  it('is not tried again at every request', () => {
    let asked = 0;
    const broken: AnyMeterProvider = {
      getMeter: () => {
        asked += 1;
        return failing();
      },
    };
    const { metrics } = testedMetrics(broken);
    for (let i = 0; i < 5; i += 1) metrics.ended(over());
    expect(asked).toBe(1);
  });

  it('when told so does not reach whoever told, even with a logger that fails', () => {
    const log = { error: failing, warn: failing };
    const { metrics } = testedMetrics(undefined, { meterProvider: failing, log, maxEndpoints: 0 });
    expect(() => metrics.useMeterProvider({ getMeter: failing })).not.toThrow();
    expect(() => metrics.ended(over())).not.toThrow();
  });
});
