/** What the app says of its calls: in families of their own, so that alerts on the others see whole series. */
import { describe, expect, it } from 'vitest';
import type { Operation } from '../request/operation.ts';
import { LABELS, over, readableMetrics } from './test-reading.ts';

const REQUESTS = 'fal.client.attributed_requests';
const DURATION = 'fal.client.attributed_request.duration.seconds';
const ID = 'endpoint_id=fal-ai/flux/dev';

const labelled = (attributes: Readonly<Record<string, string>>): { labels: typeof LABELS } => ({
  labels: { ...LABELS, attributes },
});

/** The names of the families that are split and have any series. */
function splitFamilies(series: Record<string, number>): string[] {
  return Object.keys(series).filter((name) => name.startsWith('fal.client.attributed_'));
}

describe('a call with attributes', () => {
  const call = labelled({ team: 'video', feature: 'avatar' });

  it('is counted and timed in the families that are split by them', async () => {
    const { metrics, read } = readableMetrics();
    metrics.ended(over({ outcome: 'error', errorType: '500' }, call));
    const split = { [`${ID},feature=avatar,outcome=error,team=video`]: 1 };
    expect(await read(REQUESTS)).toEqual(split);
    expect(await read(DURATION)).toEqual(split);
  });

  it('is counted and timed in the families of all calls like one without', async () => {
    const { metrics, read } = readableMetrics();
    metrics.ended(over({ outcome: 'error', errorType: '500' }, call));
    metrics.ended(over({ outcome: 'error', errorType: '500' }));
    expect(await read('fal.client.requests')).toEqual({
      [`${ID},operation=run,outcome=ok`]: 0,
      [`${ID},operation=run,outcome=error`]: 2,
      [`${ID},operation=run,outcome=timeout`]: 0,
      [`${ID},operation=run,outcome=cancelled`]: 0,
    });
    expect(await read('fal.client.errors')).toEqual({
      [`${ID},error_type=500,fault=platform,operation=run`]: 2,
    });
    expect(await read('fal.client.request.duration.seconds')).toEqual({
      [`${ID},operation=run,outcome=error`]: 2,
    });
    expect(await read(REQUESTS)).toEqual({ [`${ID},feature=avatar,outcome=error,team=video`]: 1 });
  });

  it('has no duration there when nobody here knows when it began, nor when it is no number', async () => {
    const { metrics, read } = readableMetrics();
    metrics.ended(over({ total: undefined }, call));
    metrics.ended(over({ total: { seconds: NaN, certainty: 'exact' } }, call));
    expect(await read(REQUESTS)).toEqual({ [`${ID},feature=avatar,outcome=ok,team=video`]: 2 });
    expect(await read(DURATION)).toEqual({});
  });

  it('is told apart there by how it ended', async () => {
    const { metrics, read } = readableMetrics();
    for (const outcome of ['ok', 'error', 'timeout', 'cancelled'] as const)
      metrics.ended(over({ outcome }, labelled({ team: 'a' })));
    const split = Object.fromEntries(
      ['ok', 'error', 'timeout', 'cancelled'].map((outcome) => [`${ID},outcome=${outcome},team=a`, 1]),
    );
    expect(await read(REQUESTS)).toEqual(split);
    expect(await read(DURATION)).toEqual(split);
  });

  it('is not told apart there by its operation', async () => {
    const { metrics, read } = readableMetrics();
    for (const operation of ['run', 'subscribe', 'stream'] satisfies Operation[])
      metrics.ended(over({}, { labels: { ...LABELS, operation, attributes: { team: 'a' } } }));
    expect(await read(REQUESTS)).toEqual({ [`${ID},outcome=ok,team=a`]: 3 });
    expect(await read(DURATION)).toEqual({ [`${ID},outcome=ok,team=a`]: 3 });
  });
});

describe('a call without attributes', () => {
  it.each([
    ['none at all', undefined],
    ['an empty set', {}],
    ['nothing but empty texts', { team: '' }],
    ['nothing but labels of ours', { endpoint_id: 'stolen', unit: 'images', error_type: 'none' }],
  ])('(%s) is in no family that is split', async (_, attributes) => {
    const { metrics, read, readAll } = readableMetrics({
      priceOf: () => ({ unitPriceNano: 1 }),
      costNanoOf: () => 1,
    });
    const labels = { ...LABELS, attributes };
    metrics.started(labels);
    metrics.ended(over({}, { labels, billableUnits: '1' }));
    metrics.billedLate(labels, '1');
    expect(await read('fal.client.requests')).toMatchObject({ [`${ID},operation=run,outcome=ok`]: 1 });
    expect(splitFamilies(await readAll())).toEqual([]);
  });
});

describe('the attributes of a call', () => {
  it('are the same set in whatever order they come', async () => {
    const { metrics, read } = readableMetrics();
    metrics.ended(over({}, labelled({ a: '1', b: '2' })));
    metrics.ended(over({}, labelled(Object.freeze({ b: '2', a: '1' }))));
    expect(await read(REQUESTS)).toEqual({ [`a=1,b=2,${ID},outcome=ok`]: 2 });
  });

  it('count as what they say now, when the app changed them', async () => {
    const { metrics, read } = readableMetrics();
    const attributes = { team: 'a' };
    metrics.ended(over({}, labelled(attributes)));
    attributes.team = 'b';
    metrics.ended(over({}, labelled(attributes)));
    expect(await read(REQUESTS)).toEqual({
      [`${ID},outcome=ok,team=a`]: 1,
      [`${ID},outcome=ok,team=b`]: 1,
    });
    expect(await read('fal.client.requests')).toMatchObject({ [`${ID},operation=run,outcome=ok`]: 2 });
  });

  it('never overwrite a label of ours, nor pretend to be one of another family', async () => {
    const { metrics, read } = readableMetrics();
    const attributes = {
      endpoint_id: 'stolen',
      outcome: 'ok',
      unit: 'images',
      error_type: 'none',
      team: 'a',
    };
    metrics.ended(over({ outcome: 'cancelled' }, labelled(attributes)));
    expect(await read(REQUESTS)).toEqual({ [`${ID},outcome=cancelled,team=a`]: 1 });
    expect(await read(DURATION)).toEqual({ [`${ID},outcome=cancelled,team=a`]: 1 });
    expect(await read('fal.client.requests')).toMatchObject({ [`${ID},operation=run,outcome=cancelled`]: 1 });
  });
});
