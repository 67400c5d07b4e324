import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createAttributeFilter } from '../attributes/attribute-filter.ts';
import { type ReadableMetrics, type TestedMetrics, over, readableMetrics } from './test-reading.ts';

/** Everything that one request can tell. */
function use({ metrics }: TestedMetrics, endpointId: string): void {
  const labels = { endpointId, operation: 'run' } as const;
  metrics.started(labels);
  metrics.attempted(labels, '200');
  metrics.ended(over({ outcome: 'error', errorType: '500' }, { labels, billableUnits: '1' }));
  metrics.realtimeConnected(endpointId);
  metrics.recordFallback({ endpointId, provider: 'p', outcome: 'ok' });
  metrics.recordCircuitState(endpointId, 'open');
}

const total = (series: Record<string, number>): number =>
  Object.values(series).reduce((sum, value) => sum + value, 0);

describe('endpoint ids without end', () => {
  it('are counted as _OTHER beyond the bound, with one warning that says what to do', async () => {
    const tested = readableMetrics({ maxEndpoints: 2 });
    for (const id of ['a', 'b', 'c', 'd', 'a']) use(tested, id);
    const series = (id: string): string => `endpoint_id=${id},operation=run,outcome=error`;
    expect(await tested.read('fal.client.requests')).toMatchObject({
      [series('a')]: 2,
      [series('b')]: 1,
      [series('_OTHER')]: 2,
    });
    expect(tested.warnings).toHaveLength(1);
    expect(tested.warnings[0]).toMatch(/more than 2 endpoint ids.*Raise maxEndpoints/);
  });

  it('make no more than the bound and one, whatever is recorded of them', async () => {
    const tested = readableMetrics();
    for (let i = 0; i < 10_000; i += 1) use(tested, `app/${i}`);
    const series = await tested.readAll();
    const ids = new Set(Object.keys(series).map((each) => /endpoint_id=([^,}]*)/.exec(each)?.[1]));
    expect(ids.size).toBe(201);
    expect(total(await tested.read('fal.client.requests'))).toBe(10_000);
  });

  it('take no memory beyond the bound', () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const tested = readableMetrics();
    const heapAfter = (from: number, to: number): number => {
      for (let i = from; i < to; i += 1) use(tested, `app/${i}/${'x'.repeat(200)}`);
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = heapAfter(0, 10_000);
    // 10,000 more ids of 200 characters that were kept anywhere would be 2 MB for the texts alone.
    expect(heapAfter(10_000, 20_000) - before).toBeLessThan(1_000_000);
  });

  it.each(['', 'x'.repeat(300), undefined as unknown as string, '_OTHER'])(
    'holds nothing of %j',
    async (id) => {
      const tested = readableMetrics();
      use(tested, id);
      expect(Object.keys(await tested.read('fal.client.requests'))).toContain(
        'endpoint_id=_OTHER,operation=run,outcome=error',
      );
      expect(tested.errors).toEqual([]);
    },
  );
});

/** The families that are split by the attributes of calls, by what they are counted of here. */
const ATTRIBUTED = [
  'fal.client.attributed_requests',
  'fal.client.attributed_request.duration.seconds',
  'fal.client.attributed_billable_units',
  'fal.client.attributed_cost.usd',
];

const DOLLAR_PER_UNIT = { priceOf: () => ({ unitPriceNano: 1e9 }), costNanoOf: () => 1e9 };

/** A request of one unit and one dollar with these attributes: it counts 1 in each of the families that are split. */
function spend({ metrics }: TestedMetrics, endpointId: string, attributes: Record<string, string>): void {
  const labels = { endpointId, operation: 'run', attributes } as const;
  metrics.ended(over({}, { labels, billableUnits: '1' }));
}

describe('label sets without end', () => {
  it('stay below what the SDK adds up correctly, and the totals stay right', async () => {
    const tested = readableMetrics(DOLLAR_PER_UNIT);
    for (let i = 0; i < 4000; i += 1) spend(tested, `app/${i % 150}`, { team: `t${i}` });
    for (const family of [...ATTRIBUTED, 'fal.client.requests']) {
      const series = await tested.read(family);
      expect(Object.keys(series).length, family).toBeLessThan(2000);
      expect(total(series), family).toBe(4000);
    }
    expect(Object.keys(await tested.readAll()).join()).not.toContain('otel.metric.overflow');
    expect(tested.warnings).toHaveLength(1);
    expect(tested.warnings[0]).toContain('Allow fewer attributes');
  });

  it('of attributes take no room from the families that alerts look at', async () => {
    const tested = readableMetrics(DOLLAR_PER_UNIT);
    for (let i = 0; i < 4000; i += 1) spend(tested, `app/${i % 150}`, { team: `t${i}` });
    const requests = await tested.read('fal.client.requests');
    expect(Object.keys(requests)).toHaveLength(150 * 4);
    expect(requests['endpoint_id=app/149,operation=run,outcome=ok']).toBe(26);
    expect(Object.keys(await tested.read('fal.client.cost.usd'))).toHaveLength(150);
  });

  it.each(ATTRIBUTED)('lose the attributes first, and the endpoint id only then, in %s', async (family) => {
    const tested = readableMetrics({ ...DOLLAR_PER_UNIT, maxEndpoints: 5000 });
    for (let i = 0; i < 3000; i += 1) spend(tested, `app/${i}`, { team: 'a' });
    const series = await tested.read(family);
    const of = (endpoint: string, team?: string): number | undefined => {
      const found = Object.entries(series).filter(
        ([labels]) => labels.startsWith(`endpoint_id=${endpoint},`) || labels === `endpoint_id=${endpoint}`,
      );
      expect(found, endpoint).toHaveLength(1);
      const [[labels = '', value] = []] = found;
      expect(/team=(.*?)(,|$)/.exec(labels)?.[1], endpoint).toBe(team);
      return value;
    };
    expect([of('app/0', 'a'), of('app/999', 'a'), of('app/1000'), of('app/1499')]).toEqual([1, 1, 1, 1]);
    expect(of('_OTHER')).toBe(1500);
    expect(total(series)).toBe(3000);
  });

  it('lose the endpoint id where there are no attributes to lose', async () => {
    const tested = readableMetrics({ maxEndpoints: 5000 });
    for (let i = 0; i < 3000; i += 1) use(tested, `app/${i}`);
    const requests = await tested.read('fal.client.requests');
    expect(requests['endpoint_id=app/0,operation=run,outcome=error']).toBe(1);
    expect(requests['endpoint_id=_OTHER,operation=run,outcome=error']).toBeGreaterThan(2000);
    expect(Object.keys(requests).length).toBeLessThan(2000);
    expect(total(requests)).toBe(3000);
  });

  it('made of network error codes end in _OTHER', async () => {
    const tested = readableMetrics();
    const labels = { endpointId: 'a', operation: 'run' } as const;
    for (let i = 0; i < 100; i += 1) tested.metrics.attempted(labels, `E${i}`);
    const series = await tested.readAll();
    expect(series['fal.client.attempts{endpoint_id=a,operation=run,status=_OTHER}']).toBe(60);
  });
});

describe('attributes without end', () => {
  const filtered = (tested: ReadableMetrics): ((team: string, feature?: string) => void) => {
    const filter = createAttributeFilter({ allow: ['team', 'feature'], maxValues: 2 });
    return (team, feature) => spend(tested, 'a', { ...filter.accept({ team, feature }) });
  };

  it('are counted as _OTHER in the families that are split by them, and not at all in the others', async () => {
    const tested = readableMetrics(DOLLAR_PER_UNIT);
    const spendBy = filtered(tested);
    for (let i = 0; i < 5; i += 1) spendBy(`t${i}`);
    const split = (rest: string): Record<string, number> => ({
      [`endpoint_id=a,${rest},team=t0`]: 1,
      [`endpoint_id=a,${rest},team=t1`]: 1,
      [`endpoint_id=a,${rest},team=_OTHER`]: 3,
    });
    expect(await tested.read('fal.client.attributed_requests')).toEqual(split('outcome=ok'));
    expect(await tested.read('fal.client.attributed_request.duration.seconds')).toEqual(split('outcome=ok'));
    expect(await tested.read('fal.client.attributed_cost.usd')).toEqual(split('source=list_price'));
    expect(await tested.read('fal.client.cost.usd')).toEqual({ 'endpoint_id=a,source=list_price': 5 });
    expect(await tested.read('fal.client.requests')).toMatchObject({
      'endpoint_id=a,operation=run,outcome=ok': 5,
    });
  });

  it('leave the other key of a call as it is', async () => {
    const tested = readableMetrics();
    const spendBy = filtered(tested);
    for (const team of ['t0', 't1', 't2', 't3']) spendBy(team, 'avatar');
    expect(await tested.read('fal.client.attributed_requests')).toEqual({
      'endpoint_id=a,feature=avatar,outcome=ok,team=t0': 1,
      'endpoint_id=a,feature=avatar,outcome=ok,team=t1': 1,
      'endpoint_id=a,feature=avatar,outcome=ok,team=_OTHER': 2,
    });
  });

  it('are kept for endpoint ids that there is no room for', async () => {
    const tested = readableMetrics({ maxEndpoints: 1 });
    for (const id of ['a', 'b', 'c']) spend(tested, id, { team: 'x' });
    expect(await tested.read('fal.client.attributed_requests')).toEqual({
      'endpoint_id=a,outcome=ok,team=x': 1,
      'endpoint_id=_OTHER,outcome=ok,team=x': 2,
    });
  });
});
