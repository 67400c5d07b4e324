import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VIRTUAL_START_MS } from '../virtual-clock.ts';
import { analyticsMetricNames, quantileOf } from './analytics-metrics.ts';
import { LAG_MS, type PlatformFixture, platformFixture } from './platform-fixture.ts';

type Row = Readonly<Record<string, number>> & { readonly endpoint_id: string };
interface Body {
  readonly time_series: readonly { readonly bucket: string; readonly results: readonly Row[] }[];
  readonly summary: readonly Row[];
}

const MODEL = 'fal-ai/flux/schnell';
const EVERYTHING = analyticsMetricNames().join(',');
const COUNTS = 'request_count,success_count,user_error_count,error_count';

async function analyticsOf(fixture: PlatformFixture, query: string): Promise<Body> {
  const { status, body } = await fixture.ask(`/models/analytics?endpoint_id=${MODEL}&${query}`);
  expect(status).toBe(200);
  return body as Body;
}

async function summaryOf(fixture: PlatformFixture, metrics: string): Promise<Row | undefined> {
  return (await analyticsOf(fixture, `expand=summary,${metrics}`)).summary[0];
}

test('counts by status class equal the ledger, in the time series and in the summary', async () => {
  const drawn = fc.array(
    fc.record({
      httpStatus: fc.constantFrom(200, 422, 499, 500, 503, 504),
      ageMs: fc.integer({ min: 0, max: 30 * 3_600_000 }),
    }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(drawn, async (jobs) => {
      const fixture = platformFixture();
      for (const { httpStatus, ageMs } of jobs) {
        const outcome = httpStatus === 200 ? 'ok' : 'error';
        const completedAt = VIRTUAL_START_MS - ageMs;
        fixture.addJob({ httpStatus, outcome, submittedAt: completedAt - 2000, completedAt });
      }
      const hours = 'start=2026-09-30T15:00:00Z&end=2026-10-01T12:00:00Z';
      const { time_series: series, summary } = await analyticsOf(
        fixture,
        `${hours}&expand=time_series,summary,${COUNTS}`,
      );
      const inRange = jobs.filter(({ ageMs }) => ageMs >= LAG_MS && ageMs <= 21 * 3_600_000);
      const between = (from: number, to: number): number =>
        inRange.filter(({ httpStatus }) => httpStatus >= from && httpStatus < to).length;
      const truth = [inRange.length, between(200, 300), between(400, 500), between(500, 600)];
      const sumOf = (rows: readonly Row[]): number[] =>
        COUNTS.split(',').map((name) => rows.reduce((sum, row) => sum + (row[name] ?? NaN), 0));
      expect(sumOf(series.flatMap(({ results }) => results))).toEqual(truth);
      expect(sumOf(summary)).toEqual(truth);
    }),
    { numRuns: 60 },
  );
});

test('percentiles come from the true waits and run times of each bucket', async () => {
  const fixture = platformFixture();
  for (let index = 0; index < 5; index += 1) {
    const submittedAt = Date.parse('2026-10-01T10:00:00Z');
    const startedAt = submittedAt + 1000 * (index + 1);
    const endedAt = startedAt + 2000 * (index + 1);
    const runs = [{ runnerId: 'r', startedAt, endedAt, coldStartMs: 0, ended: 'ok' as const }];
    fixture.addJob({ submittedAt, runs, completedAt: endedAt });
  }
  const query = 'start=2026-10-01T10:00:00Z&end=2026-10-01T11:00:00Z&timeframe=hour';
  const { time_series: series } = await analyticsOf(fixture, `${query}&expand=time_series,${EVERYTHING}`);
  expect(series).toHaveLength(1);
  expect(series[0]?.bucket).toBe('2026-10-01T10:00:00+00:00');
  expect(series[0]?.results[0]).toMatchObject({
    endpoint_id: MODEL,
    p50_prepare_duration: 3,
    p90_prepare_duration: 4.6,
    p25_duration: 4,
    p50_duration: 6,
    p75_duration: 8,
    total_billable_duration: 30,
    cold_boot_count: 0,
  });
  expect(series[0]?.results[0]).not.toHaveProperty('p50_cold_boot_duration');
});

test('a runner start of more than a second is a cold boot, a shorter one is not', async () => {
  const fixture = platformFixture();
  for (const coldStartMs of [0, 1000, 1001, 9001]) {
    const startedAt = VIRTUAL_START_MS - 60_000;
    fixture.addJob({
      runs: [{ runnerId: 'r', startedAt, endedAt: startedAt + 100, coldStartMs, ended: 'ok' }],
    });
  }
  const row = await summaryOf(fixture, 'cold_boot_count,p50_cold_boot_duration');
  expect(row).toEqual({ endpoint_id: MODEL, cold_boot_count: 2, p50_cold_boot_duration: 5.001 });
});

test('errors are counted by their kind', async () => {
  const fixture = platformFixture();
  const types = [
    'startup_timeout',
    'runner_disconnected',
    'request_timeout',
    'runner_server_error',
    'generation_timeout',
  ];
  for (const errorType of types)
    fixture.addJob({ errorType, outcome: 'error', httpStatus: 503, billableUnits: 0 });
  const kinds = ['startup', 'connection', 'timeout', 'runtime'].map((kind) => `${kind}_error_count`);
  const row = await summaryOf(fixture, [...kinds, 'error_count', 'total_billable_duration'].join(','));
  expect(row).toEqual({
    endpoint_id: MODEL,
    startup_error_count: 1,
    connection_error_count: 1,
    timeout_error_count: 1,
    runtime_error_count: 1,
    error_count: 5,
    total_billable_duration: 0,
  });
});

test('a job cancelled in the queue is not counted; one cancelled while running is a user error', async () => {
  const fixture = platformFixture();
  fixture.addJob({ outcome: 'cancelled', runs: [], httpStatus: 200, billableUnits: 0 });
  fixture.addJob({ outcome: 'cancelled', httpStatus: 200, billableUnits: 0 });
  expect(await summaryOf(fixture, COUNTS)).toMatchObject({ request_count: 1, user_error_count: 1 });
});

test('while analytics are frozen new jobs do not appear, though billing goes on', async () => {
  const fixture = platformFixture();
  fixture.addJob({});
  fixture.engine.switches.analyticsFrozenAt = fixture.clock.now();
  await fixture.clock.advance(120_000);
  fixture.addJob({});
  expect(await summaryOf(fixture, 'request_count')).toMatchObject({ request_count: 1 });
  const { body } = await fixture.ask('/models/billing-events');
  expect((body as { billing_events: unknown[] }).billing_events).toHaveLength(2);
  fixture.engine.switches.analyticsFrozenAt = undefined;
  expect(await summaryOf(fixture, 'request_count')).toMatchObject({ request_count: 2 });
});

test('only what was asked for is in the answer, and an unknown endpoint is not found', async () => {
  const fixture = platformFixture();
  fixture.addJob({});
  const body = await analyticsOf(fixture, '');
  expect(body.time_series[0]?.results).toEqual([{ endpoint_id: MODEL, request_count: 1 }]);
  expect(body).not.toHaveProperty('summary');
  expect(await fixture.ask('/models/analytics?endpoint_id=acme/nothing')).toMatchObject({
    status: 404,
    body: { error: { type: 'not_found' } },
  });
});

test('a quantile lies between the smallest and the largest value, and there is none of nothing', () => {
  expect(quantileOf(0.5, [undefined])).toBeUndefined();
  const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      const quantile = quantileOf(share, list);
      expect(quantile).toBeGreaterThanOrEqual(Math.min(...list));
      expect(quantile).toBeLessThanOrEqual(Math.max(...list) * (1 + 1e-12));
    }),
  );
});
