import { describe, expect, it } from 'vitest';
import { PlatformError } from '../fal/platform.ts';
import { createAnalyticsCollector } from './analytics-collector.ts';
import type { Collected, Collector } from './collector.ts';
import { EVERY_MINUTE, FLUX, SCHNELL, TestFal, idsOf, notFound, platformAnswer } from './test-fal.ts';

const STRANGER = 'acme/never/heard-of';
const MINUTE_MS = 60_000;

function analytics(fal: TestFal, endpointIds: readonly string[] = [FLUX, SCHNELL]): Collector {
  return createAnalyticsCollector({ access: fal.access, config: EVERY_MINUTE, endpointIds });
}

function page(series: readonly unknown[], more: Record<string, unknown> = {}): Response {
  return platformAnswer(200, { time_series: series, next_cursor: null, has_more: false, ...more });
}

/** Requests that begin in one minute of the clock; the clock stands at the end of that minute afterwards. */
async function minuteOf(fal: TestFal, endpointId: string, times: number): Promise<void> {
  const end = fal.clock.now() + MINUTE_MS;
  await fal.run(endpointId, times);
  await fal.clock.advance(end - fal.clock.now());
}

async function readUntil(fal: TestFal, collector: Collector): Promise<number | undefined> {
  const { dataUntil }: Collected = (await fal.collect(collector)) ?? {};
  return dataUntil;
}

describe('the analytics collector', () => {
  it('tells the counts and quantiles of the ledger for the newest complete minute', async () => {
    const fal = new TestFal();
    const begin = fal.clock.now();
    await minuteOf(fal, FLUX, 1);
    await minuteOf(fal, FLUX, 4);
    await minuteOf(fal, FLUX, 2);
    await fal.clock.advance(90_000);
    const until = await readUntil(fal, analytics(fal));
    const jobs = fal.simulator.ledger.jobs.filter(
      ({ completedAt = 0 }) => completedAt >= begin + MINUTE_MS && completedAt < begin + 2 * MINUTE_MS,
    );
    const [event, ...others] = fal.told('analytics_observed');
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      ...{ endpointId: FLUX, bucketStart: begin + MINUTE_MS, bucketEnd: begin + 2 * MINUTE_MS },
      requests: { success: jobs.length, user_error: 0, error: 0 },
    });
    const seconds = jobs.map(({ runs }) => ((runs[0]?.endedAt ?? NaN) - (runs[0]?.startedAt ?? NaN)) / 1000);
    expect(event?.duration[0.99]).toBeGreaterThan(event?.duration[0.5] ?? Infinity);
    expect(event?.duration[0.99]).toBeLessThanOrEqual(Math.max(...seconds));
    expect(Object.keys(event?.prepare ?? {}).sort()).toEqual(['0.5', '0.75', '0.9', '0.95', '0.99']);
    expect(event?.coldBoots).toBeGreaterThanOrEqual(0);
    expect(until).toBe(begin + 2 * MINUTE_MS);
  });

  it('waits for the newest minute to stay as it is', async () => {
    const fal = new TestFal();
    const begin = fal.clock.now();
    const collector = analytics(fal);
    await minuteOf(fal, FLUX, 1);
    await fal.clock.advance(MINUTE_MS);
    expect(await readUntil(fal, collector)).toBeUndefined();
    expect(fal.events).toEqual([]);
    await fal.clock.advance(MINUTE_MS);
    expect(await readUntil(fal, collector)).toBe(begin + MINUTE_MS);
    expect(fal.told('analytics_observed')).toMatchObject([{ bucketStart: begin }]);
  });

  it('takes a reading that failed for none at all', async () => {
    const fal = new TestFal();
    const collector = analytics(fal);
    await minuteOf(fal, FLUX, 1);
    await fal.clock.advance(MINUTE_MS);
    await fal.collect(collector);
    fal.answer = () => platformAnswer(500, {});
    await expect(fal.collect(collector)).rejects.toThrow(PlatformError);
    fal.answer = () => undefined;
    await fal.collect(collector);
    expect(fal.told('analytics_observed')).toHaveLength(1);
  });

  it('tells no bucket from before the time that it asked for', async () => {
    const fal = new TestFal();
    const at = (minutes: number): string => new Date(fal.clock.now() - minutes * MINUTE_MS).toISOString();
    fal.answer = () =>
      page([
        { bucket: at(31), results: [{ endpoint_id: FLUX, error_count: 1 }] },
        { bucket: at(2), results: [{ endpoint_id: SCHNELL, error_count: 1 }] },
      ]);
    await fal.collect(analytics(fal));
    expect(fal.events).toEqual([]);
  });

  it('asks for a sliding half hour that begins with a whole minute, without payloads and the summary', async () => {
    const fal = new TestFal();
    await fal.clock.advance(12_345);
    await fal.collect(analytics(fal));
    const query = fal.asked[0]?.searchParams;
    expect(query?.get('timeframe')).toBe('minute');
    expect(query?.get('bound_to_timeframe')).toBe('false');
    const start = Date.parse(query?.get('start') ?? '');
    expect(start % MINUTE_MS).toBe(0);
    expect(fal.clock.now() - start).toBeGreaterThanOrEqual(30 * MINUTE_MS);
    expect(fal.clock.now() - start).toBeLessThan(31 * MINUTE_MS);
    expect(query?.getAll('expand')).toContain('time_series');
    expect(query?.getAll('expand')).not.toContain('summary');
  });

  it('lets the age rise while fal stands still, also past the half hour', async () => {
    const fal = new TestFal();
    const collector = analytics(fal);
    await minuteOf(fal, FLUX, 2);
    await minuteOf(fal, FLUX, 2);
    await fal.clock.advance(MINUTE_MS);
    const before = (await readUntil(fal, collector)) ?? NaN;
    fal.simulator.applyScenario('analytics-stale');
    for (let minute = 0; minute < 45; minute += 1) {
      await minuteOf(fal, FLUX, 1);
      const until = (await readUntil(fal, collector)) ?? NaN;
      expect(until - before).toBeLessThanOrEqual(MINUTE_MS);
    }
    fal.simulator.applyScenario('healthy');
    await fal.clock.advance(MINUTE_MS);
    expect(await readUntil(fal, collector)).toBeGreaterThan(before + 30 * MINUTE_MS);
  });

  it('is not blinded by ids that fal does not know', async () => {
    const fal = new TestFal();
    await minuteOf(fal, FLUX, 1);
    await minuteOf(fal, FLUX, 1);
    await fal.clock.advance(MINUTE_MS);
    fal.answer = (url) => (idsOf(url).includes(STRANGER) ? notFound() : undefined);
    const collector = analytics(fal, [FLUX, STRANGER, SCHNELL]);
    await fal.collect(collector);
    expect(fal.told('analytics_observed')).toMatchObject([{ endpointId: FLUX }]);
    fal.forget();
    await fal.collect(collector);
    expect(fal.asked).toHaveLength(1);
  });

  it('tells nothing of what fal left out, and nothing that nobody asked for', async () => {
    const fal = new TestFal();
    const at = (minutes: number): string => new Date(fal.clock.now() - minutes * MINUTE_MS).toISOString();
    const some = { endpoint_id: FLUX, error_count: 2, p50_duration: null, p99_duration: 1.5 };
    fal.answer = () =>
      page([
        { bucket: at(3), results: [some, { endpoint_id: STRANGER, error_count: 1 }] },
        { bucket: at(2), results: [{ endpoint_id: SCHNELL }] },
      ]);
    await fal.collect(analytics(fal));
    expect(fal.told('analytics_observed')).toEqual([
      {
        ...{ kind: 'analytics_observed', at: fal.clock.now(), endpointId: FLUX },
        ...{ bucketStart: fal.clock.now() - 3 * MINUTE_MS, bucketEnd: fal.clock.now() - 2 * MINUTE_MS },
        ...{ requests: { error: 2 }, duration: { 0.99: 1.5 }, prepare: {}, coldBoots: undefined },
      },
    ]);
  });

  it('follows further pages of buckets', async () => {
    const fal = new TestFal();
    const bucket = (minutes: number, results: unknown[]): unknown => ({
      ...{ bucket: new Date(fal.clock.now() - minutes * MINUTE_MS).toISOString(), results },
    });
    fal.answer = (url) =>
      url.searchParams.get('cursor') === null
        ? page([bucket(9, [{ endpoint_id: FLUX, error_count: 1 }])], { next_cursor: 'two', has_more: true })
        : page([bucket(5, [{ endpoint_id: FLUX, error_count: 7 }]), bucket(4, [{ endpoint_id: SCHNELL }])]);
    await fal.collect(analytics(fal));
    expect(fal.told('analytics_observed')).toMatchObject([{ endpointId: FLUX, requests: { error: 7 } }]);
  });

  it.each<[string, unknown]>([
    ['a negative count', { endpoint_id: FLUX, error_count: -1 }],
    ['a count in words', { endpoint_id: FLUX, error_count: 'two' }],
    ['a row without a name', { error_count: 1 }],
  ])('learns nothing from %s', async (_name, result) => {
    const fal = new TestFal();
    fal.answer = () => page([{ bucket: '2026-10-01T11:50:00Z', results: [result] }]);
    await expect(fal.collect(analytics(fal))).rejects.toThrow(PlatformError);
    expect(fal.events).toEqual([]);
  });

  it('learns nothing from a bucket that has no time', async () => {
    const fal = new TestFal();
    fal.answer = () => page([{ bucket: 'noon', results: [] }]);
    await expect(fal.collect(analytics(fal))).rejects.toThrow(PlatformError);
  });

  it.each(['platform-hang', 'platform-rate-limited', 'host-down-platform', 'key-revoked'])(
    'learns nothing under %s and is well again afterwards',
    async (scenario) => {
      const fal = new TestFal();
      await minuteOf(fal, FLUX, 1);
      await minuteOf(fal, FLUX, 1);
      const collector = analytics(fal);
      fal.simulator.applyScenario(scenario);
      await expect(fal.collect(collector)).rejects.toThrow(PlatformError);
      expect(fal.events).toEqual([]);
      fal.simulator.applyScenario('healthy');
      await fal.clock.advance(MINUTE_MS);
      await fal.collect(collector);
      expect(fal.told('analytics_observed')).toHaveLength(1);
    },
  );
});
