import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { ActiveRequest, ActiveState } from '../request/operation.ts';
import { LABELS, seriesOf, testedMetrics } from './test-reading.ts';

const ID = 'endpoint_id=fal-ai/flux/dev';

function request(
  state: ActiveState,
  ageSeconds: number,
  rest: Partial<Omit<ActiveRequest, 'state' | 'ageSeconds'>> = {},
): ActiveRequest {
  return { labels: LABELS, state, ageSeconds, ...rest };
}

interface Gauges {
  readonly active: Record<string, number>;
  readonly age: Record<string, number>;
  readonly position: Record<string, number>;
}

/** What a scraper sees: the stock exporter, which repeats gauges that are no longer observed. */
function gauges(maxEndpoints = 200): {
  read: (...inFlight: ActiveRequest[]) => Promise<Gauges>;
  start: () => void;
} {
  let now: readonly ActiveRequest[] = [];
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const { metrics } = testedMetrics(provider, { active: () => now, maxEndpoints });
  metrics.useMeterProvider(provider);
  return {
    start: () => metrics.started(LABELS),
    read: async (...inFlight) => {
      now = inFlight;
      const { resourceMetrics } = await reader.collect();
      return {
        active: seriesOf(resourceMetrics, 'fal.client.active_requests'),
        age: seriesOf(resourceMetrics, 'fal.client.oldest_request_age.seconds'),
        position: seriesOf(resourceMetrics, 'fal.client.queue_position'),
      };
    },
  };
}

function states(counts: Partial<Record<ActiveState, number>>, id = ID): Record<string, number> {
  const all: readonly ActiveState[] = ['submitting', 'queued', 'running', 'fetching'];
  return Object.fromEntries(all.map((state) => [`${id},state=${state}`, counts[state] ?? 0]));
}

describe('the gauges of requests in flight', () => {
  it('know nothing before the first request', async () => {
    expect(await gauges().read()).toEqual({ active: {}, age: {}, position: {} });
  });

  it('are 0 in every state for an endpoint that had a request, with no age and no position', async () => {
    const { read, start } = gauges();
    start();
    expect(await read()).toEqual({ active: states({}), age: {}, position: {} });
  });

  it('count by state, and tell the age of the oldest', async () => {
    const { read } = gauges();
    const seen = await read(
      request('running', 3),
      request('running', 8),
      request('running', 5),
      request('fetching', 1),
    );
    expect(seen.active).toEqual(states({ running: 3, fetching: 1 }));
    expect(seen.age).toEqual({ [`${ID},state=running`]: 8, [`${ID},state=fetching`]: 1 });
  });

  it('do not go on showing the age of a request that is over', async () => {
    const { read } = gauges();
    await read(request('queued', 700, { queuePosition: 4 }));
    expect(await read()).toEqual({
      active: states({}),
      age: { [`${ID},state=queued`]: 0 },
      position: { [ID]: 0 },
    });
  });

  it('tell the position of the longest-waiting request in the queue', async () => {
    const { read } = gauges();
    const waiting = [
      request('queued', 5, { queuePosition: 9 }),
      request('queued', 20, { queuePosition: 2 }),
      request('running', 90, { queuePosition: 0 }),
      request('queued', 30),
    ];
    expect((await read(...waiting)).position).toEqual({ [ID]: 2 });
  });

  it('tell the position of the next one when the longest-waiting is through', async () => {
    const { read } = gauges();
    await read(request('queued', 50, { queuePosition: 0 }));
    expect((await read(request('queued', 4, { queuePosition: 7 }))).position).toEqual({ [ID]: 7 });
  });

  it('keep the last position while somebody waits who was not told one', async () => {
    const { read } = gauges();
    await read(request('queued', 1, { queuePosition: 6 }));
    expect((await read(request('queued', 2))).position).toEqual({ [ID]: 6 });
  });

  it('tell endpoints apart, up to the bound', async () => {
    const { read } = gauges(1);
    const other = (endpointId: string): ActiveRequest =>
      request('running', 1, { labels: { endpointId, operation: 'run' } });
    const { active } = await read(other('a'), other('b'), other('c'));
    expect(active).toEqual({
      ...states({ running: 1 }, 'endpoint_id=a'),
      ...states({ running: 2 }, 'endpoint_id=_OTHER'),
    });
  });
});

describe('when the requests in flight cannot be read', () => {
  it('the counts are reported all the same', async () => {
    const active = (): never => {
      throw new Error('registry is broken');
    };
    const reader = new PrometheusExporter({ preventServerStart: true });
    const { metrics, errors } = testedMetrics(new MeterProvider({ readers: [reader] }), { active });
    metrics.attempted(LABELS, '200');
    await reader.collect();
    const { resourceMetrics } = await reader.collect();
    expect(Object.values(seriesOf(resourceMetrics, 'fal.client.attempts'))).toEqual([1]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('registry is broken');
  });
});
