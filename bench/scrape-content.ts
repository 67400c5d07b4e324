import { DURATION_BOUNDS, counter, histogram } from 'opentelemetry-instrumentation-fal/core';
import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
} from 'opentelemetry-instrumentation-fal/core';
import { recordExporter } from '../exporter/src/metrics/exporter-metrics.ts';
import { HandClock } from '../exporter/src/metrics/hand-clock.ts';
import { createRecorder } from '../exporter/src/metrics/recorder.ts';
import { MetricStore } from '../exporter/src/metrics/store.ts';
import { STORY_CONFIG, badRun, goodRun } from '../exporter/src/exposition/golden/story.ts';
import type { ProbeConfig } from '../exporter/src/config/config.ts';

type Labels = Readonly<Record<string, string>>;

/** One series and what was put into it, so that every library can be filled with the same. */
export type Filling =
  | {
      readonly definition: CounterDefinition | GaugeDefinition;
      readonly labels: Labels;
      readonly value: number;
    }
  | {
      readonly definition: HistogramDefinition;
      readonly labels: Labels;
      readonly observed: readonly number[];
    };

const NO_LIMITS = { limit: 1_000_000, expireAfterMs: 3_600_000 };

/** A real exporter with this many probed models, after an hour of runs. */
export function exporterStore(endpoints: number): { readonly store: MetricStore; readonly clock: HandClock } {
  const clock = new HandClock();
  const store = new MetricStore({ clock, ...NO_LIMITS });
  const probes = Array.from({ length: endpoints }, (_, i): ProbeConfig => ({
    ...{ name: `model-${i}`, tier: 'inference', endpointId: `fal-ai/model-${i}/text-to-image` },
    ...{ intervalMs: 60_000, timeoutMs: 45_000, input: {} },
  }));
  const config = { ...STORY_CONFIG, probes, endpoints: [] };
  recordExporter(store, { version: '1.2.3', nodeVersion: '24.21.0', isDemo: false, clock });
  const record = createRecorder({ store, clock, config });
  for (let minute = 0; minute < 60; minute++) {
    probes.forEach((probe, i) => {
      const run = goodRun(probe, clock.now(), 1 + ((minute * 7 + i) % 50) / 10);
      record(minute % 20 === 0 ? badRun(run, 'internal_error') : run);
    });
    clock.advance(60_000);
  }
  return { store, clock };
}

/** 100,000 lines: half of them counters, half of them lines of histograms, with labels as long as ours are. */
export function hugeContent(): Filling[] {
  const labels = ['endpoint_id', 'error_type', 'fault', 'probe'] as const;
  const base = { help: 'For measuring only.', fedBy: 'exporter', unit: '', labels } as const;
  const fillings: Filling[] = [];
  for (let family = 0; family < 5; family++) {
    const definition = counter({
      ...base,
      name: `bench_errors_${family}_total`,
      instrument: `bench.errors.${family}`,
    });
    for (let i = 0; i < 10_000; i++) fillings.push({ definition, labels: labelsOf(i), value: i % 1000 });
  }
  const definition = histogram({
    ...base,
    name: 'bench_seconds',
    instrument: 'bench.seconds',
    bounds: DURATION_BOUNDS,
  });
  const lines = DURATION_BOUNDS.length + 3;
  for (let i = 0; i < 50_000 / lines; i++) {
    fillings.push({ definition, labels: labelsOf(i), observed: [0.2, 1.7, 2.5, (i % 50) + 0.5] });
  }
  return fillings;
}

function labelsOf(i: number): Labels {
  return {
    endpoint_id: `fal-ai/model-${i}/text-to-image`,
    error_type: 'runner_scheduling_failure',
    fault: 'platform',
    probe: `model-${i}`,
  };
}

/** What is in a store. */
export function fillingsOf(store: MetricStore): Filling[] {
  return store.collect().families.flatMap(({ definition, series, values, width }) =>
    series.flatMap(({ labels: { values: labels } }, i): Filling[] => {
      const numbers = values.subarray(i * width, (i + 1) * width);
      if (definition.type === 'histogram') {
        return [{ definition, labels, observed: observationsOf(definition, numbers) }];
      }
      const value = numbers[0] ?? NaN;
      return Number.isNaN(value) ? [] : [{ definition, labels, value }];
    }),
  );
}

/** Values that fill the buckets as they are: each bound as often as its bucket counts. */
function observationsOf({ bounds }: HistogramDefinition, cumulative: Float64Array): number[] {
  return bounds.flatMap((bound, i) =>
    new Array<number>((cumulative[i] ?? 0) - (cumulative[i - 1] ?? 0)).fill(bound),
  );
}
