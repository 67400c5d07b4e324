import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../errors/error-type.ts';
import { costNanoOf } from '../money/billable-units.ts';
import type { RequestMetricsOptions } from './recorder.ts';
import type { EndedRequest, RequestMetrics } from './request-metrics.ts';
import { LABELS, over, seriesOf, testedMetrics } from './test-reading.ts';

interface Money {
  readonly units: Record<string, number>;
  readonly cost: Record<string, number>;
  readonly wasted: Record<string, number>;
  readonly unpriced: Record<string, number>;
  readonly attributedUnits: Record<string, number>;
  readonly attributedCost: Record<string, number>;
}

const ID = 'endpoint_id=fal-ai/flux/dev';
const NOTHING: Money = {
  units: {},
  cost: {},
  wasted: {},
  unpriced: { [ID]: 0 },
  attributedUnits: {},
  attributedCost: {},
};
const PRICED: Partial<RequestMetricsOptions> = {
  priceOf: () => ({ unitPriceNano: 25_000_000, unit: 'megapixels' }),
  costNanoOf,
};

async function moneyOf(
  options: Partial<RequestMetricsOptions>,
  use: (metrics: RequestMetrics, errors: readonly string[]) => void,
): Promise<Money> {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const { metrics, errors } = testedMetrics(new MeterProvider({ readers: [reader] }), options);
  use(metrics, errors);
  const { resourceMetrics } = await reader.collect();
  return {
    units: seriesOf(resourceMetrics, 'fal.client.billable_units'),
    cost: seriesOf(resourceMetrics, 'fal.client.cost.usd'),
    wasted: seriesOf(resourceMetrics, 'fal.client.wasted_cost.usd'),
    unpriced: seriesOf(resourceMetrics, 'fal.client.unpriced_requests'),
    attributedUnits: seriesOf(resourceMetrics, 'fal.client.attributed_billable_units'),
    attributedCost: seriesOf(resourceMetrics, 'fal.client.attributed_cost.usd'),
  };
}

function billed(billableUnits: string | undefined, outcome: Outcome = 'ok'): EndedRequest {
  return over({ outcome, errorType: outcome === 'ok' ? undefined : '500' }, { billableUnits });
}

describe('the money of a request', () => {
  it('is units times list price, by the name of the unit', async () => {
    expect(await moneyOf(PRICED, (metrics) => metrics.ended(billed('3.5')))).toEqual({
      ...NOTHING,
      units: { [`${ID},unit=megapixels`]: 3.5 },
      cost: { [`${ID},source=list_price`]: 0.0875 },
    });
  });

  it('names no unit where the price names none', async () => {
    const options = { ...PRICED, priceOf: () => ({ unitPriceNano: 1_000_000_000 }) };
    const { units } = await moneyOf(options, (metrics) => metrics.ended(billed('2')));
    expect(units).toEqual({ [ID]: 2 });
  });

  it('is counted as unknown without a price, never as 0', async () => {
    expect(await moneyOf({}, (metrics) => metrics.ended(billed('2')))).toEqual({
      ...NOTHING,
      units: { [ID]: 2 },
      unpriced: { [ID]: 1 },
    });
  });

  it.each([undefined, '', 'NaN', '-1', '+1', '1,5', '1, 1', 'Infinity', '0x10', '1e400', '9'.repeat(30)])(
    'is unknown with the units %j',
    async (text) => {
      expect(await moneyOf(PRICED, (metrics) => metrics.ended(billed(text)))).toEqual({
        ...NOTHING,
        unpriced: { [ID]: 1 },
      });
    },
  );

  it.each(['0', '0.0', '0e5'])('is nothing with %s units, and that is no unknown price', async (text) => {
    expect(await moneyOf({}, (metrics) => metrics.ended(billed(text)))).toEqual(NOTHING);
  });

  it('is 0 dollars where the model is free', async () => {
    const options = { ...PRICED, priceOf: () => ({ unitPriceNano: 0 }) };
    const { cost, unpriced } = await moneyOf(options, (metrics) => metrics.ended(billed('2')));
    expect([cost, unpriced]).toEqual([{ [`${ID},source=list_price`]: 0 }, { [ID]: 0 }]);
  });

  it.each(['error', 'timeout', 'cancelled'] as const)(
    'is wasted as well with outcome %s',
    async (outcome) => {
      const { cost, wasted } = await moneyOf(PRICED, (metrics) => metrics.ended(billed('4', outcome)));
      expect(cost).toEqual({ [`${ID},source=list_price`]: 0.1 });
      expect(wasted).toEqual({ [`${ID},reason=${outcome}`]: 0.1 });
    },
  );

  it('is not missed of a failure without units, nor of one without a price', async () => {
    const { unpriced, wasted } = await moneyOf({}, (metrics) => {
      metrics.ended(billed(undefined, 'error'));
      metrics.ended(billed('3', 'timeout'));
    });
    expect([unpriced, wasted]).toEqual([{ [ID]: 0 }, {}]);
  });

  it('does not exist for a file that is sent to the storage', async () => {
    const labels = { endpointId: 'storage', operation: 'upload' } as const;
    const { unpriced } = await moneyOf(PRICED, (metrics) => metrics.ended(over({}, { labels })));
    expect(unpriced).toEqual({ 'endpoint_id=storage': 0 });
  });

  it('is exact to the nano-dollar over many requests', async () => {
    const options = { ...PRICED, priceOf: () => ({ unitPriceNano: 100_000_001 }) };
    const { cost } = await moneyOf(options, (metrics) => {
      for (let i = 0; i < 10_000; i += 1) metrics.ended(billed('1'));
    });
    expect(cost).toEqual({ [`${ID},source=list_price`]: 1000.00001 });
  });

  it('of a result that was fetched late is spent, and not wasted', async () => {
    const spent = await moneyOf(PRICED, (metrics) => {
      metrics.ended(billed(undefined, 'timeout'));
      metrics.billedLate(LABELS, '2');
    });
    expect(spent).toEqual({
      ...NOTHING,
      units: { [`${ID},unit=megapixels`]: 2 },
      cost: { [`${ID},source=list_price`]: 0.05 },
    });
  });

  it('of a job that the client made once too often is spent, and wasted as a duplicate', async () => {
    const { cost, wasted } = await moneyOf(PRICED, (metrics) => metrics.billedLate(LABELS, '2', 'duplicate'));
    expect(cost).toEqual({ [`${ID},source=list_price`]: 0.05 });
    expect(wasted).toEqual({ [`${ID},reason=duplicate`]: 0.05 });
  });

  const failing = (): never => {
    throw new Error('no prices today');
  };

  it.each([
    ['the price cannot be had', { ...PRICED, priceOf: failing }],
    ['the cost cannot be computed', { ...PRICED, costNanoOf: failing }],
  ])('is unknown when %s, and the request is counted all the same', async (_, options) => {
    const { unpriced } = await moneyOf(options, (metrics, errors) => {
      metrics.ended(billed('1'));
      metrics.ended(billed('1'));
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain('no prices today');
    });
    expect(unpriced).toEqual({ [ID]: 2 });
  });

  it.each([NaN, -1, 0.5, Infinity])('is unknown when it comes out as %s', async (nano) => {
    const spent = await moneyOf({ ...PRICED, costNanoOf: () => nano }, (metrics) =>
      metrics.ended(billed('1')),
    );
    expect([spent.cost, spent.unpriced]).toEqual([{}, { [ID]: 1 }]);
  });
});

describe('the money of a call with attributes', () => {
  const labels = { ...LABELS, attributes: { team: 'video' } };
  const attributed = (billableUnits: string | undefined, outcome: Outcome = 'ok'): EndedRequest => ({
    ...billed(billableUnits, outcome),
    labels,
  });

  it('is in the families of all calls as ever, and once more in those that are split', async () => {
    const spent = await moneyOf(PRICED, (metrics) => {
      metrics.ended(attributed('4'));
      metrics.ended(billed('1'));
    });
    expect(spent).toEqual({
      ...NOTHING,
      units: { [`${ID},unit=megapixels`]: 5 },
      cost: { [`${ID},source=list_price`]: 0.125 },
      attributedUnits: { [`${ID},team=video,unit=megapixels`]: 4 },
      attributedCost: { [`${ID},source=list_price,team=video`]: 0.1 },
    });
  });

  it('is split when it was wasted, but the waste is not', async () => {
    expect(await moneyOf(PRICED, (metrics) => metrics.ended(attributed('4', 'timeout')))).toEqual({
      ...NOTHING,
      units: { [`${ID},unit=megapixels`]: 4 },
      cost: { [`${ID},source=list_price`]: 0.1 },
      wasted: { [`${ID},reason=timeout`]: 0.1 },
      attributedUnits: { [`${ID},team=video,unit=megapixels`]: 4 },
      attributedCost: { [`${ID},source=list_price,team=video`]: 0.1 },
    });
  });

  it('is split when it comes late, on a result or on a job made once too often', async () => {
    const spent = await moneyOf(PRICED, (metrics) => {
      metrics.ended(attributed(undefined, 'timeout'));
      metrics.billedLate(labels, '2');
      metrics.billedLate(labels, '4', 'duplicate');
    });
    expect(spent).toEqual({
      ...NOTHING,
      units: { [`${ID},unit=megapixels`]: 6 },
      cost: { [`${ID},source=list_price`]: 0.15 },
      wasted: { [`${ID},reason=duplicate`]: 0.1 },
      attributedUnits: { [`${ID},team=video,unit=megapixels`]: 6 },
      attributedCost: { [`${ID},source=list_price,team=video`]: 0.15 },
    });
  });

  it('has units and no cost where the price is unknown, and is unpriced for the endpoint as a whole', async () => {
    expect(await moneyOf({}, (metrics) => metrics.ended(attributed('2')))).toEqual({
      ...NOTHING,
      units: { [ID]: 2 },
      unpriced: { [ID]: 1 },
      attributedUnits: { [`${ID},team=video`]: 2 },
    });
  });

  it.each([undefined, 'NaN', '-1'])('is unknown with the units %j, and never 0', async (text) => {
    expect(await moneyOf(PRICED, (metrics) => metrics.ended(attributed(text)))).toEqual({
      ...NOTHING,
      unpriced: { [ID]: 1 },
    });
  });

  it('is nothing with 0 units', async () => {
    expect(await moneyOf(PRICED, (metrics) => metrics.ended(attributed('0')))).toEqual(NOTHING);
  });

  it('is exact to the nano-dollar over many requests', async () => {
    const options = { ...PRICED, priceOf: () => ({ unitPriceNano: 100_000_001 }) };
    const { attributedCost } = await moneyOf(options, (metrics) => {
      for (let i = 0; i < 10_000; i += 1) metrics.ended(attributed('1'));
    });
    expect(attributedCost).toEqual({ [`${ID},source=list_price,team=video`]: 1000.00001 });
  });

  it('is priced by the real endpoint where the label is _OTHER', async () => {
    const priceOf = (id: string): { unitPriceNano: number } | undefined =>
      id === 'b' ? { unitPriceNano: 1_000_000_000 } : undefined;
    const { attributedCost } = await moneyOf({ ...PRICED, priceOf, maxEndpoints: 1 }, (metrics) => {
      for (const endpointId of ['a', 'b'])
        metrics.ended({ ...attributed('2'), labels: { ...labels, endpointId } });
    });
    expect(attributedCost).toEqual({ 'endpoint_id=_OTHER,source=list_price,team=video': 2 });
  });
});
