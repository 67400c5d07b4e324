import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ErrorType, type Outcome, faultOf } from '../errors/error-type.ts';
import { costNanoOf } from '../money/billable-units.ts';
import type { EndpointPrice } from '../money/prices.ts';
import type { Operation } from '../request/operation.ts';
import { type Collected, allSeriesOf, labelsText, over, testedMetrics } from './test-reading.ts';

const MAX_ENDPOINTS = 3;
const PRICES: Readonly<Record<string, EndpointPrice>> = {
  e0: { unitPriceNano: 25_000_001, unit: 'images' },
  e1: { unitPriceNano: 3 },
  e4: { unitPriceNano: 1_000_000_000, unit: 'seconds' },
};

interface Story {
  readonly endpointId: string;
  readonly operation: Operation;
  readonly outcome: Outcome;
  readonly errorType: ErrorType | undefined;
  readonly seconds: number | undefined;
  readonly units: { readonly text: string | undefined; readonly value: number | undefined };
  readonly attributes: Readonly<Record<string, string>> | undefined;
  /** Whether somebody collects after it. */
  readonly isCollected: boolean;
}

const units = fc.oneof(
  fc.constantFrom<Story['units']>({ text: undefined, value: undefined }, { text: 'many', value: undefined }),
  fc.integer({ min: 0, max: 4000 }).map((n) => ({ text: (n / 1000).toFixed(3), value: n / 1000 })),
);

const story: fc.Arbitrary<Story> = fc.record({
  endpointId: fc.constantFrom('e0', 'e1', 'e2', 'e3', 'e4'),
  operation: fc.constantFrom<Operation>('run', 'subscribe', 'result'),
  outcome: fc.constantFrom<Outcome>('ok', 'error', 'timeout', 'cancelled'),
  errorType: fc.constantFrom<ErrorType | undefined>('500', '422', 'client_timeout', undefined),
  seconds: fc.option(fc.double({ min: 0, max: 4000, noNaN: true }), { nil: undefined }),
  units,
  attributes: fc.constantFrom<Story['attributes']>(
    ...[undefined, {}, { team: 'a' }, { team: '_OTHER' }, { feature: 'f' }, { team: 'a', feature: 'f' }],
  ),
  isCollected: fc.boolean(),
});

type Add = (name: string, labels: Record<string, string | undefined>, amount: number) => void;

/** The same books, kept by somebody who takes no shortcuts. Counts and durations only; money in nano-dollars. */
function expectedOf(stories: readonly Story[]): Record<string, number> {
  const books: Record<string, number> = {};
  const add: Add = (name, labels, amount) => {
    const present = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined));
    const key = `${name}{${labelsText(present)}}`;
    books[key] = (books[key] ?? 0) + amount;
  };
  const known: string[] = [];
  for (const told of stories) {
    const { endpointId, operation, outcome, errorType = '_OTHER', seconds } = told;
    if (!known.includes(endpointId) && known.length < MAX_ENDPOINTS) known.push(endpointId);
    const endpoint_id = known.includes(endpointId) ? endpointId : '_OTHER';
    const call = { endpoint_id, operation };
    for (const each of ['ok', 'error', 'timeout', 'cancelled'])
      add('fal.client.requests', { ...call, outcome: each }, each === outcome ? 1 : 0);
    if (outcome === 'error' || outcome === 'timeout')
      add('fal.client.errors', { ...call, error_type: errorType, fault: faultOf(errorType) }, 1);
    if (seconds !== undefined) add('fal.client.request.duration.seconds', { ...call, outcome }, 1);
    addMoney(add, told, endpoint_id);
    addAttributed(add, told, endpoint_id);
  }
  return books;
}

function addMoney(add: Add, { endpointId, outcome, units: billed }: Story, endpoint_id: string): void {
  const { value } = billed;
  const price = PRICES[endpointId];
  const isUnknown = value === undefined || (value > 0 && price === undefined);
  add('fal.client.unpriced_requests', { endpoint_id }, outcome === 'ok' && isUnknown ? 1 : 0);
  if (value === undefined || value === 0) return;
  add('fal.client.billable_units', { endpoint_id, unit: price?.unit }, value);
  if (price === undefined) return;
  const nano = nanoOf(value, price);
  add('fal.client.cost.usd', { endpoint_id, source: 'list_price' }, nano);
  if (outcome !== 'ok') add('fal.client.wasted_cost.usd', { endpoint_id, reason: outcome }, nano);
}

/** A request with attributes again, in the families that have them. Nothing is there before it happened. */
function addAttributed(add: Add, told: Story, endpoint_id: string): void {
  const { attributes = {}, endpointId, outcome, seconds, units: billed } = told;
  if (Object.keys(attributes).length === 0) return;
  const price = PRICES[endpointId];
  const call = { ...attributes, endpoint_id };
  add('fal.client.attributed_requests', { ...call, outcome }, 1);
  if (seconds !== undefined) add('fal.client.attributed_request.duration.seconds', { ...call, outcome }, 1);
  if (billed.value === undefined || billed.value === 0) return;
  add('fal.client.attributed_billable_units', { ...call, unit: price?.unit }, billed.value);
  if (price === undefined) return;
  add('fal.client.attributed_cost.usd', { ...call, source: 'list_price' }, nanoOf(billed.value, price));
}

/** Thousandths of units: half a nano-dollar goes up. */
function nanoOf(value: number, { unitPriceNano }: EndpointPrice): number {
  return Math.floor((Math.round(value * 1000) * unitPriceNano + 500) / 1000);
}

/** What was collected, in the units of the model. */
function observedOf(collected: Collected): Record<string, number> {
  const compared = Object.entries(allSeriesOf(collected)).filter(
    ([name]) => !/^fal\.client\.(active_requests|platform_retries|duplicate_submits)/.test(name),
  );
  return Object.fromEntries(
    compared.map(([name, value]) => [name, name.includes('.usd{') ? Math.round(value * 1e9) : value]),
  );
}

function expectSame(observed: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(observed).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(observed[name], name).toBeCloseTo(value, 6);
}

it('whatever requests end, the SDK shows the totals of a plain count, cumulative and as a sum of deltas', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(story, { maxLength: 40 }), async (stories) => {
      const scraped = new PrometheusExporter({ preventServerStart: true });
      const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
      const pushed = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      const provider = new MeterProvider({ readers: [scraped, pushed] });
      const { metrics, errors } = testedMetrics(provider, {
        priceOf: (endpointId) => PRICES[endpointId],
        costNanoOf,
        maxEndpoints: MAX_ENDPOINTS,
      });
      for (const {
        endpointId,
        operation,
        outcome,
        errorType,
        seconds,
        units: billed,
        attributes,
        isCollected,
      } of stories) {
        const labels = { endpointId, operation, attributes };
        const total = seconds === undefined ? undefined : ({ seconds, certainty: 'exact' } as const);
        metrics.started(labels);
        metrics.ended(over({ outcome, errorType, total }, { labels, billableUnits: billed.text }));
        if (isCollected) await pushed.forceFlush();
      }
      await pushed.forceFlush();

      const expected = expectedOf(stories);
      expectSame(observedOf((await scraped.collect()).resourceMetrics), expected);
      const sums: Record<string, number> = {};
      for (const delta of exporter.getMetrics())
        for (const [name, value] of Object.entries(observedOf(delta))) sums[name] = (sums[name] ?? 0) + value;
      expectSame(sums, expected);
      expect(errors).toEqual([]);
      await provider.shutdown();
    }),
    { numRuns: 60 },
  );
}, 60_000);
