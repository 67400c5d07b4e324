import { ERROR_TYPES, type ErrorType } from 'opentelemetry-instrumentation-fal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../domain/events.ts';
import { nanoFromUsd } from '../domain/money.ts';
import { assess } from './assess.ts';
import { createStatusBoard } from './board.ts';
import { healthReport } from './health-report.ts';
import { renderStatusPage } from './page/page.ts';
import { KEPT_RUNS } from './run-history.ts';
import { SCENE_NOW, finishedRun, sceneConfig, sceneProbe, setStage, stageClock } from './scenes.ts';

const FLUX = sceneProbe('flux', 'fal-ai/flux/schnell');
const FLUX_QUEUE = { ...sceneProbe('flux-queue', 'fal-ai/flux/schnell'), tier: 'queue' as const };
const GATE = sceneProbe('gate');

describe('the board', () => {
  it('shows nothing as known before anything happened', () => {
    const view = setStage([FLUX, GATE]).board.view();
    expect(view.endpoints[0]).toMatchObject({ id: 'fal-ai/flux/schnell', latencyLimitSeconds: 60, runs: [] });
    expect(view.endpoints[0]?.condition).toBeUndefined();
    expect(view.account.lock).toBeUndefined();
    expect(view.account.balance).toBeUndefined();
    expect(view.account.budget.every(({ remaining }) => remaining === undefined)).toBe(true);
    expect(view.probes[0]?.nextRun).toBeUndefined();
  });

  it('keeps the last sixty runs of a probe and of its endpoint, oldest first', () => {
    const { board, clock } = setStage([FLUX]);
    for (let index = 0; index < 200; index += 1) {
      clock.advance(1000);
      board.sink(finishedRun(FLUX, clock.now(), { seconds: index }));
    }
    const view = board.view();
    expect(view.probes[0]?.runs).toHaveLength(KEPT_RUNS);
    expect(view.endpoints[0]?.runs.at(-1)?.durationSeconds).toBe(199);
    expect(view.recentRuns.map((run) => run.durationSeconds)).toEqual([
      199, 198, 197, 196, 195, 194, 193, 192, 191, 190,
    ]);
  });

  it('takes latency from probes that run the model, and failures from all', () => {
    const { board, clock } = setStage([FLUX, FLUX_QUEUE]);
    board.sink(finishedRun(FLUX, clock.now(), { seconds: 3 }));
    board.sink(finishedRun(FLUX_QUEUE, clock.now(), { seconds: 0.2 }));
    board.sink(finishedRun(FLUX_QUEUE, clock.now(), { error: 'internal_error' }));
    const window = board.view().endpoints[0]?.windows['5m'];
    expect(window).toMatchObject({
      finished: 3,
      failures: 1,
      completed: 1,
      quantiles: { p50: 3, p95: 3, p99: 3 },
    });
  });

  it('leaves fast failures out of the latency and keeps time-outs in', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now(), { error: 'internal_error', seconds: 0.1 }));
    board.sink(finishedRun(FLUX, clock.now(), { error: 'client_timeout', seconds: 45 }));
    expect(board.view().endpoints[0]?.windows['5m'].quantiles).toEqual({ p50: 45, p95: 45, p99: 45 });
  });

  it('is not disturbed by a step of the wall clock', () => {
    for (const step of [3_600_000, -3_600_000]) {
      const { board, clock } = setStage([FLUX]);
      board.sink(finishedRun(FLUX, clock.now(), { seconds: 2 }));
      clock.jumpWall(step);
      clock.advance(60_000);
      const view = board.view();
      expect(view.endpoints[0]?.windows['5m'].finished).toBe(1);
      expect(view.probes[0]).toMatchObject({ dataAgeSeconds: 60, isStale: false });
    }
  });

  it('takes runs from before a restart for as old as they are', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now() - 1_800_000, { seconds: 2 }));
    const view = board.view();
    expect(view.endpoints[0]?.windows['5m'].finished).toBe(0);
    expect(view.endpoints[0]?.windows['1h'].finished).toBe(1);
  });

  it('knows when data is older than three intervals and the time-out', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now()));
    clock.advance(3 * 60_000 + 45_000);
    expect(board.view().probes[0]?.isStale).toBe(false);
    clock.advance(1);
    expect(board.view().probes[0]?.isStale).toBe(true);
  });

  it('says what runs now and when the next run is due', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink({ kind: 'probe_run_started', at: clock.now(), probe: 'flux' });
    expect(board.view().probes[0]).toMatchObject({ runningSince: clock.now(), nextRun: undefined });
    clock.advance(10_000);
    board.sink(finishedRun(FLUX, clock.now()));
    expect(board.view().probes[0]?.nextRun).toEqual({ at: clock.now() + 50_000, isEstimate: true });
    const clock2 = stageClock();
    const told = createStatusBoard({
      clock: clock2,
      config: sceneConfig([FLUX]),
      demo: false,
      version: '1',
      nextRunAt: () => 42,
    });
    expect(told.view().probes[0]?.nextRun).toEqual({ at: 42, isEstimate: false });
  });

  it('counts skipped runs until one takes place', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink({ kind: 'probe_run_skipped', at: 1, probe: 'flux', reason: 'budget' });
    board.sink({ kind: 'probe_run_skipped', at: 2, probe: 'flux', reason: 'slots' });
    expect(board.view().probes[0]?.skipped).toEqual({ at: 2, reason: 'slots', count: 2 });
    board.sink(finishedRun(FLUX, clock.now()));
    expect(board.view().probes[0]?.skipped).toBeUndefined();
  });

  it('remembers when a lock began, through repeated sightings, and when it ended', () => {
    const { board } = setStage([FLUX]);
    const lock = (at: number, locked: boolean): void =>
      board.sink({ kind: 'account_lock_observed', at, account: 'default', locked, reason: 'top_up' });
    lock(10, true);
    lock(20, true);
    expect(board.view().account.lock).toEqual({ locked: true, reason: 'top_up', since: 10, at: 20 });
    lock(30, false);
    expect(board.view().account.lock).toEqual({ locked: false, reason: undefined, since: 30, at: 30 });
  });

  it('knows a rejected key by 401 and forgets it at the first good run, not at a network error', () => {
    const { board, clock } = setStage([FLUX]);
    board.sink(finishedRun(FLUX, clock.now(), { error: 'unauthorized' }));
    board.sink(finishedRun(FLUX, clock.now() + 1, { error: 'network_error' }));
    expect(board.view().account.keyRejectedSince).toBe(clock.now());
    board.sink(finishedRun(FLUX, clock.now() + 2));
    expect(board.view().account.keyRejectedSince).toBeUndefined();
  });

  it('measures how fast the balance falls, top-ups left aside', () => {
    const { board, clock } = setStage([FLUX]);
    for (const balance of [10, 9, 29, 28]) {
      board.sink({
        kind: 'balance_observed',
        at: clock.now(),
        account: 'default',
        balance: nanoFromUsd(balance),
      });
      clock.advance(20 * 60_000);
    }
    const burn = board.view().account.burn;
    expect(burn).toMatchObject({ usdPerHour: 2, overSeconds: 3600 });
    expect(burn?.runwaySeconds).toBe(14 * 3600);
  });

  it('speaks of the configured account only', () => {
    const { board } = setStage([FLUX]);
    board.sink({ kind: 'balance_observed', at: 1, account: 'other', balance: 5 });
    board.sink({ kind: 'account_lock_observed', at: 1, account: 'other', locked: true });
    expect(board.view().account).toMatchObject({ balance: undefined, lock: undefined });
  });

  it('keeps the past of probes that stay through a new configuration, and drops the others', () => {
    const { board, clock } = setStage([FLUX, GATE]);
    board.sink(finishedRun(FLUX, clock.now()));
    const limit = { id: 'fal-ai/flux/schnell', latencyLimitSeconds: 10 };
    board.configure(sceneConfig([FLUX], { endpoints: [limit] }));
    board.sink(finishedRun(GATE, clock.now()));
    const view = board.view();
    expect(view.probes.map(({ name }) => name)).toEqual(['flux']);
    expect(view.endpoints[0]).toMatchObject({ latencyLimitSeconds: 10 });
    expect(view.endpoints[0]?.runs).toHaveLength(1);
  });
});

// Without the letters of the words that the page must never show, so that a hit is always ours.
const text = fc.string().map((raw) => raw.replace(/[NIu]/g, '-'));
const wild = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY, SCENE_NOW),
);
const name = fc.oneof(fc.constantFrom('flux', 'gate', 'flux-queue', 'default', 'fal-ai/flux/schnell'), text);
const errorType = fc.constantFrom(...(Object.keys(ERROR_TYPES) as ErrorType[]));
const measured = fc.option(
  fc.record({ seconds: wild, certainty: fc.constantFrom('exact', 'inferred'), boundSeconds: wild }),
  { nil: undefined },
);
const runError = fc.record({
  type: errorType,
  fault: fc.constantFrom('app', 'account', 'model', 'platform', 'network', 'unknown'),
  text: text,
});

const anyEvent: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('probe_run_finished'),
    at: wild,
    probe: name,
    tier: fc.constantFrom('free', 'queue', 'inference'),
    endpointId: fc.option(name, { nil: undefined }),
    outcome: fc.constantFrom('ok', 'error', 'timeout', 'cancelled'),
    error: fc.option(runError, { nil: undefined }),
    durationSeconds: wild,
    queueWait: measured,
    inference: measured,
    attempts: wild,
    platformRetries: wild,
    lastQueuePosition: wild,
    requestId: fc.option(text, { nil: undefined }),
    steps: fc.array(fc.record({ seconds: wild, text: text }), { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('probe_run_started'), at: wild, probe: name }),
  fc.record({
    kind: fc.constant('probe_run_skipped'),
    at: wild,
    probe: name,
    reason: fc.constantFrom('budget', 'slots', 'locked'),
  }),
  fc.record({
    kind: fc.constant('host_checked'),
    at: wild,
    probe: name,
    host: name,
    up: fc.boolean(),
    durationSeconds: wild,
    error: fc.option(runError, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('budget_observed'),
    at: wild,
    remaining: fc.record({ hour: wild, day: wild, month: wild }),
  }),
  fc.record({
    kind: fc.constant('spend_booked'),
    at: wild,
    probe: name,
    cost: wild,
    source: fc.constantFrom('units', 'worst_case'),
  }),
  fc.record({ kind: fc.constant('account_lock_observed'), at: wild, account: name, locked: fc.boolean() }),
  fc.record({ kind: fc.constant('balance_observed'), at: wild, account: name, balance: wild }),
  fc.record({
    kind: fc.constant('unit_price_observed'),
    at: wild,
    endpointId: name,
    unit: text,
    price: wild,
  }),
  fc.record({
    kind: fc.constant('slots_observed'),
    at: wild,
    account: name,
    inUse: wild,
    limit: fc.option(wild, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('collector_ran'),
    at: wild,
    collector: name,
    ok: fc.boolean(),
    durationSeconds: wild,
  }),
  fc.record({
    kind: fc.constant('config_loaded'),
    at: wild,
    ok: fc.boolean(),
    problems: fc.array(text, { maxLength: 80 }),
  }),
);

/** Fails on the first number anywhere in the data that is none. */
function expectRealNumbers(value: unknown, path: string): void {
  if (typeof value === 'number') expect(Number.isFinite(value), `${path} is ${value}`).toBe(true);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) expectRealNumbers(inner, `${path}.${key}`);
  }
}

describe('for any events in any order', () => {
  it('the board never throws, holds no number that is none, and every page can be written', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, fc.nat(600_000)), { maxLength: 40 }), (steps) => {
        const { board, clock } = setStage([FLUX, FLUX_QUEUE, GATE]);
        for (const [event, pause] of steps) {
          clock.advance(pause);
          board.sink(event);
        }
        const view = board.view();
        const report = JSON.stringify(healthReport(assess(view)).body);
        const page = renderStatusPage(view, { refresh: true });
        expectRealNumbers(view, 'view');
        expect(report).not.toMatch(/NaN|Infinity/);
        expect(page.replaceAll(/<code>.*?<\/code>|<li>.*?<\/li>|title="[^"]*"/gs, '')).not.toMatch(
          /\bNaN\b|\bundefined\b/,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('memory stays bounded', () => {
    const { board, clock } = setStage([FLUX]);
    for (let index = 0; index < 5000; index += 1) {
      clock.advance(500);
      const at = clock.now();
      board.sink(finishedRun(FLUX, at, { text: 'x'.repeat(10_000), error: 'internal_error' }));
      board.sink(finishedRun(sceneProbe(`p${index}`, `fal-ai/m${index}`), at));
      board.sink({
        kind: 'host_checked',
        at,
        probe: 'flux',
        host: `h${index}`,
        up: true,
        durationSeconds: 1,
      });
      board.sink({ kind: 'collector_ran', at, collector: `c${index}`, ok: true, durationSeconds: 1 });
      board.sink({ kind: 'unit_price_observed', at, endpointId: `e${index}`, unit: 'u', price: 1 });
      board.sink({ kind: 'balance_observed', at, account: 'default', balance: index });
    }
    const view = board.view();
    expect(view.probes).toHaveLength(1);
    expect(view.endpoints).toHaveLength(1);
    expect(view.hosts.length).toBeLessThanOrEqual(32);
    expect(view.collectors.length).toBeLessThanOrEqual(32);
    expect(JSON.stringify(view).length).toBeLessThan(200_000);
  });
});
