import { ERROR_TYPES, type ErrorType } from 'opentelemetry-instrumentation-fal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLLECTOR_NAMES, type CollectorName } from '../domain/collector-name.ts';
import type { DomainEvent } from '../domain/events.ts';
import { assess } from './assess.ts';
import { healthReport } from './health-report.ts';
import { renderStatusPage } from './page/page.ts';
import { collectorRan } from './scene-surroundings.ts';
import { SCENE_NOW, finishedRun, sceneProbe, setStage } from './scenes.ts';

const FLUX = sceneProbe('flux', 'fal-ai/flux/schnell');
const FLUX_QUEUE = { ...sceneProbe('flux-queue', 'fal-ai/flux/schnell'), tier: 'queue' as const };
const GATE = sceneProbe('gate');

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

const price = fc.record({ unit: text, price: wild });

const moneyEvent: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('money_observed'),
    at: wild,
    account: fc.constant('default'),
    burnPerHour: fc.record({ '1h': wild, '24h': wild }, { requiredKeys: [] }),
    runwaySeconds: fc.option(wild, { nil: undefined }),
    monthSpend: fc.option(wild, { nil: undefined }),
    costDrift: fc.option(wild, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('spend_observed'),
    at: wild,
    account: fc.constant('default'),
    endpoints: fc.array(
      fc.record({ endpointId: name, billed: wild, estimated: wild, unpricedRequests: wild }),
      { maxLength: 8 },
    ),
  }),
  fc.record({
    kind: fc.constant('top_ups_observed'),
    at: wild,
    account: fc.constant('default'),
    total: wild,
  }),
  fc.record({
    kind: fc.constant('waste_observed'),
    at: wild,
    account: fc.constant('default'),
    perDay: fc.record({ failed: wild, probe: wild }, { requiredKeys: [] }),
  }),
  fc.record({
    kind: fc.constant('model_status_observed'),
    at: wild,
    endpointId: name,
    status: fc.constantFrom('active', 'deprecated', 'missing'),
  }),
  fc.record({
    kind: fc.constant('price_changes_observed'),
    at: wild,
    changes: fc.array(
      fc.record({
        endpointId: name,
        move: fc.constantFrom('raised', 'lowered', 'unit', 'withdrawn'),
        from: price,
        to: fc.option(price, { nil: undefined }),
        seenAt: wild,
        weeklyEffect: fc.option(wild, { nil: undefined }),
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    kind: fc.constant('request_history_observed'),
    at: wild,
    account: fc.constant('default'),
    endpoints: fc.array(
      fc.record({
        endpointId: name,
        running: wild,
        stuck: wild,
        oldestSeconds: fc.option(wild, { nil: undefined }),
        stuckIds: fc.array(text, { maxLength: 8 }),
      }),
      { maxLength: 3 },
    ),
  }),
);

const anyEvent: fc.Arbitrary<DomainEvent> = fc.oneof(
  moneyEvent,
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
  fc.record({
    kind: fc.constant('account_lock_observed'),
    at: wild,
    account: fc.constant('default'),
    locked: fc.boolean(),
    requestId: fc.option(text, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('balance_observed'),
    at: wild,
    account: fc.constant('default'),
    balance: wild,
  }),
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
    collector: fc.constantFrom(...COLLECTOR_NAMES),
    ok: fc.boolean(),
    durationSeconds: wild,
    intervalMs: wild,
    calls: wild,
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
      board.sink(collectorRan(`c${index}` as CollectorName));
      const spend = { endpointId: `m${index}`, billed: 1, estimated: 1, unpricedRequests: 0 };
      board.sink({ kind: 'spend_observed', at, account: 'default', endpoints: [spend] });
      board.sink({ kind: 'model_status_observed', at, endpointId: `m${index}`, status: 'missing' });
      const lock = { kind: 'account_lock_observed', at, account: 'default', locked: true } as const;
      board.sink({ ...lock, requestId: `request-${index}` });
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
