import fc from 'fast-check';
import type { ErrorType } from 'opentelemetry-instrumentation-fal/core';
import { ERROR_TYPES, faultOf, isFailure, outcomeOf } from 'opentelemetry-instrumentation-fal/core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Config, ProbeConfig } from '../config/config.ts';
import { testCollectors } from '../config/test-config.ts';
import type { DomainEvent, ProbeRunFinished } from '../domain/events.ts';
import { STORY_CONFIG, badRun, goodRun } from '../exposition/golden/story.ts';
import { HandClock } from './hand-clock.ts';
import { createRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { MetricStore } from './store.ts';
import { shownIn, totalIn } from './test-reading.ts';
import type { Labels } from './test-reading.ts';

const [FREE, IMAGE, VIDEO] = STORY_CONFIG.probes as [ProbeConfig, ProbeConfig, ProbeConfig];
const ACCOUNT = STORY_CONFIG.account.name;
const MINUTE = 60_000;

let clock: HandClock;
let store: MetricStore;
let record: Recorder;

beforeEach(() => {
  clock = new HandClock();
  store = new MetricStore({ clock, ...STORY_CONFIG.series });
  record = createRecorder({ store, clock, config: STORY_CONFIG });
});

const shown = (name: string, where?: Labels): Record<string, number> => shownIn(store, name, where);
const total = (name: string, where?: Labels): number => totalIn(store, name, where);

function good(probe: ProbeConfig = IMAGE, seconds = 2): ProbeRunFinished {
  return goodRun(probe, clock.now(), seconds);
}

function reconfigured(change: Partial<Config>): void {
  record.reconfigure({ ...STORY_CONFIG, ...change });
}

describe('before anything happened', () => {
  it('runs, durations and skips of every probe stand at zero', () => {
    for (const { name } of STORY_CONFIG.probes) {
      expect(Object.values(shown('fal_probe_runs_total', { probe: name }))).toEqual([0, 0, 0, 0]);
      expect(Object.values(shown('fal_probe_duration_seconds', { probe: name }))).toEqual([0, 0, 0, 0]);
      expect(Object.values(shown('fal_probe_skipped_total', { probe: name }))).toEqual([0, 0, 0, 0, 0]);
    }
    expect(shown('fal_probe_spend_usd_total')).toEqual({ 'account="default"': 0 });
  });

  it('every failure, timeout and refusal of the account stands at zero, with its fault', () => {
    const errors = shown('fal_probe_errors_total', { probe: IMAGE.name });
    for (const type of Object.keys(ERROR_TYPES) as ErrorType[]) {
      const isExpected =
        !type.startsWith('platform.') &&
        (isFailure(type) || outcomeOf(type) === 'timeout' || faultOf(type) === 'account');
      const labels = `account="default",endpoint_id="${IMAGE.endpointId}",error_type="${type}",fault="${faultOf(type)}",probe="${IMAGE.name}"`;
      expect(errors[labels]).toBe(isExpected ? 0 : undefined);
    }
  });

  it('what nobody has observed is absent', () => {
    for (const name of [
      ...['fal_probe_up', 'fal_probe_last_run_timestamp_seconds', 'fal_probe_duration_quantile_seconds'],
      ...[
        'fal_endpoint_error_ratio',
        'fal_account_balance_usd',
        'fal_account_locked',
        'fal_account_slots_in_use',
      ],
      ...['fal_probe_budget_remaining_usd', 'fal_exporter_config_last_reload_successful'],
    ]) {
      expect(shown(name), name).toEqual({});
    }
  });

  it('interval, timeout, limits and the thresholds of the balance come from the configuration', () => {
    expect(shown('fal_probe_interval_seconds', { probe: IMAGE.name })).toEqual({
      'account="default",probe="flux-schnell"': 300,
    });
    expect(shown('fal_probe_timeout_seconds', { probe: IMAGE.name })).toEqual({
      'account="default",probe="flux-schnell"': 45,
    });
    expect(Object.values(shown('fal_endpoint_latency_limit_seconds'))).toEqual([60, 420]);
    expect(Object.values(shown('fal_account_concurrency_limit'))).toEqual([10]);
    expect(shown('fal_account_balance_threshold_usd')).toEqual({
      'account="default",severity="warning"': 20,
      'account="default",severity="critical"': 5,
    });
  });

  it('a probe that runs no model has no histogram of inference', () => {
    expect(Object.keys(shown('fal_probe_inference_seconds'))).toEqual([
      'account="default",endpoint_id="fal-ai/flux/schnell",probe="flux-schnell"',
    ]);
    expect(Object.keys(shown('fal_probe_queue_wait_seconds'))).toHaveLength(2);
  });
});

describe('a finished run', () => {
  it('counts once, by outcome, with its parts', () => {
    record({
      ...good(),
      queueWait: { seconds: 1, certainty: 'exact' },
      inference: { seconds: 0.5, certainty: 'exact' },
    });
    expect(total('fal_probe_runs_total', { outcome: 'ok' })).toBe(1);
    expect(total('fal_probe_runs_total')).toBe(1);
    expect(total('fal_probe_duration_seconds', { outcome: 'ok' })).toBe(1);
    expect(total('fal_probe_queue_wait_seconds')).toBe(1);
    expect(total('fal_probe_inference_seconds')).toBe(1);
    expect(shown('fal_probe_up')).toEqual({
      'account="default",endpoint_id="fal-ai/flux/schnell",probe="flux-schnell"': 1,
    });
    expect(shown('fal_probe_last_run_timestamp_seconds')).toEqual({
      'account="default",probe="flux-schnell"': clock.now() / 1000,
    });
  });

  it('with an error or a timeout counts one error, and turns the probe down', () => {
    record(good());
    record(badRun(good(), 'client_timeout'));
    record(badRun(good(), 'image_too_small'));
    expect(total('fal_probe_errors_total')).toBe(2);
    expect(total('fal_probe_errors_total', { error_type: 'client_timeout', fault: 'unknown' })).toBe(1);
    expect(total('fal_probe_errors_total', { error_type: 'image_too_small', fault: 'app' })).toBe(1);
    expect(total('fal_probe_up')).toBe(0);
  });

  it('with an error that has no type counts as one that nobody can place', () => {
    record({ ...good(), outcome: 'error' });
    expect(total('fal_probe_errors_total', { error_type: '_OTHER' })).toBe(1);
    expect(Object.values(shown('fal_endpoint_error_ratio'))).toEqual([1, 1]);
  });

  it('that was cancelled counts as a run and says nothing else', () => {
    record(good());
    record({ ...badRun(good(), 'aborted'), durationSeconds: 500 });
    expect(total('fal_probe_runs_total', { outcome: 'cancelled' })).toBe(1);
    expect(total('fal_probe_errors_total')).toBe(0);
    expect(total('fal_probe_up')).toBe(1);
    expect(Object.values(shown('fal_endpoint_error_ratio'))).toEqual([0, 0]);
    for (const value of Object.values(shown('fal_probe_duration_quantile_seconds')))
      expect(value).toBeLessThan(3);
  });

  it('of a probe that is not configured, or was another one then, leaves no trace', () => {
    const before = store.collect().families;
    record(good({ ...IMAGE, name: 'stranger' }));
    record(good({ ...IMAGE, endpointId: 'fal-ai/other' }));
    record({ kind: 'probe_run_skipped', at: 0, probe: 'stranger', reason: 'budget' });
    record({ kind: 'host_checked', at: 0, probe: 'stranger', host: 'h', up: true, durationSeconds: 1 });
    expect(store.collect().families).toEqual(before);
  });
});

describe('latency quantiles', () => {
  it('are over runs that ended well or timed out: a fast failure does not make an outage look quick', () => {
    for (let i = 0; i < 5; i++) record(good(IMAGE, 10));
    for (let i = 0; i < 50; i++) record(badRun(good(IMAGE, 0.1), 'internal_error'));
    record(badRun(good(IMAGE, 45), 'client_timeout'));
    const p = (quantile: string): number =>
      total('fal_probe_duration_quantile_seconds', { quantile, window: '5m' });
    expect(p('0.5')).toBeCloseTo(10, 0);
    expect(p('0.95')).toBeCloseTo(45, 0);
  });

  it('leave with their window', () => {
    record(good());
    clock.advance(6 * MINUTE);
    expect(Object.keys(shown('fal_probe_duration_quantile_seconds', { window: '5m' }))).toEqual([]);
    expect(Object.keys(shown('fal_probe_duration_quantile_seconds', { window: '1h' }))).toHaveLength(3);
    clock.advance(60 * MINUTE);
    expect(shown('fal_probe_duration_quantile_seconds')).toEqual({});
  });
});

describe('the error ratio', () => {
  it('is failures over finished: what the app sent and what the account was refused are no failures', () => {
    for (const type of ['internal_error', 'network_error', 'bad_request', 'account_locked'] as const) {
      record(badRun(good(), type));
    }
    expect(total('fal_endpoint_error_ratio', { window: '5m' })).toBe(0.5);
  });

  it('is absent again when its window is empty', () => {
    record(badRun(good(), 'internal_error'));
    clock.advance(6 * MINUTE);
    expect(Object.keys(shown('fal_endpoint_error_ratio'))).toEqual([
      'account="default",endpoint_id="fal-ai/flux/schnell",window="1h"',
    ]);
  });
});

describe('hosts, money and slots', () => {
  const at = 0;

  it('a host that does not answer is down and has no response time', () => {
    const check: DomainEvent = {
      kind: 'host_checked',
      at,
      probe: FREE.name,
      host: 'fal.run',
      up: true,
      durationSeconds: 1,
    };
    record(check);
    expect(total('fal_probe_host_response_seconds')).toBe(1);
    record({ ...check, up: false });
    expect(shown('fal_probe_host_response_seconds')).toEqual({});
    expect(shown('fal_probe_host_up')).toEqual({ 'account="default",host="fal.run",probe="gateway"': 0 });
  });

  it('spend adds up exactly, and a correction is made up for before it grows again', () => {
    const book = (cost: number): void =>
      record({ kind: 'spend_booked', at, probe: IMAGE.name, cost, source: 'units' });
    for (let i = 0; i < 10; i++) book(100_000_000);
    expect(total('fal_probe_spend_usd_total')).toBe(1);
    book(-500_000_000);
    expect(total('fal_probe_spend_usd_total')).toBe(1);
    book(600_000_000);
    expect(total('fal_probe_spend_usd_total')).toBe(1.1);
  });

  it('a lock is 1 at its reason and goes to 0, not away, when it ends', () => {
    const lock = { kind: 'account_lock_observed', at, account: ACCOUNT } as const;
    record({ ...lock, locked: true, reason: 'exhausted_balance' });
    expect(shown('fal_account_locked', { reason: 'exhausted_balance' })).toEqual({
      'account="default",reason="exhausted_balance"': 1,
    });
    record({ ...lock, locked: true });
    expect(total('fal_account_locked', { reason: 'unknown' })).toBe(1);
    expect(total('fal_account_locked')).toBe(1);
    record({ ...lock, locked: false });
    expect(Object.keys(shown('fal_account_locked'))).toHaveLength(7);
    expect(total('fal_account_locked')).toBe(0);
  });

  it('an empty balance is no lock', () => {
    record({ kind: 'balance_observed', at, account: ACCOUNT, balance: -1_000_000_000 });
    expect(total('fal_account_balance_usd')).toBe(-1);
    expect(shown('fal_account_locked')).toEqual({});
  });

  it('a learned concurrency limit gives way to the configured one when nothing is known any more', () => {
    record({ kind: 'slots_observed', at, account: ACCOUNT, inUse: 2, limit: 4 });
    expect(total('fal_account_concurrency_limit')).toBe(4);
    record({ kind: 'slots_observed', at, account: ACCOUNT, inUse: 2 });
    expect(total('fal_account_concurrency_limit')).toBe(10);
    reconfigured({ account: { ...STORY_CONFIG.account, concurrencyLimit: undefined } });
    expect(shown('fal_account_concurrency_limit')).toEqual({});
    expect(total('fal_account_slots_in_use')).toBe(2);
  });

  it('a model that changes its billing unit shows one price', () => {
    const price = {
      kind: 'unit_price_observed',
      at,
      endpointId: IMAGE.endpointId ?? '',
      price: 3_000_000,
    } as const;
    record({ ...price, unit: 'images' });
    record({ ...price, unit: 'megapixels' });
    record({ ...price, unit: 'megapixels', price: 4_000_000 });
    expect(shown('fal_model_unit_price_usd')).toEqual({
      'account="default",endpoint_id="fal-ai/flux/schnell",unit="megapixels"': 0.004,
    });
  });

  it('a collector that fails keeps the time of its last success', () => {
    const ran = { collector: 'balance', durationSeconds: 1, intervalMs: MINUTE, calls: 1 } as const;
    const run = { kind: 'collector_ran', ...ran } as const;
    record({ ...run, at: 5000, ok: false });
    expect(shown('fal_exporter_collector_last_success_timestamp_seconds')).toEqual({});
    record({ ...run, at: 6000, ok: true });
    record({ ...run, at: 7000, ok: false });
    expect(total('fal_exporter_collector_success')).toBe(0);
    expect(total('fal_exporter_collector_last_success_timestamp_seconds')).toBe(6);
  });

  it('budget and configuration are shown as observed', () => {
    record({ kind: 'budget_observed', at, remaining: { hour: 1_000_000, day: 2_000_000, month: 0 } });
    expect(Object.values(shown('fal_probe_budget_remaining_usd'))).toEqual([0.001, 0.002, 0]);
    record({ kind: 'config_loaded', at, ok: false, problems: ['x'] });
    expect(shown('fal_exporter_config_last_reload_successful')).toEqual({ '': 0 });
  });

  it('an event of a kind that a newer version has is ignored', () => {
    expect(() => record({ kind: 'from_the_future', at } as unknown as DomainEvent)).not.toThrow();
  });
});

describe('a new configuration', () => {
  it('removes the series of a probe that went, and of its model when nobody else looks at it', () => {
    record(good());
    reconfigured({ probes: [FREE, VIDEO] });
    for (const { name, series } of store.collect().families) {
      for (const { labels } of series) {
        expect(labels.text, name).not.toContain('flux-schnell');
        expect(labels.text, name).not.toContain(IMAGE.endpointId);
      }
    }
    record(good());
    expect(shown('fal_probe_runs_total', { probe: IMAGE.name })).toEqual({});
  });

  it('keeps the counts of a probe that stays, with its new interval', () => {
    record(good());
    reconfigured({ probes: [{ ...IMAGE, intervalMs: MINUTE }] });
    expect(total('fal_probe_runs_total', { probe: IMAGE.name })).toBe(1);
    expect(total('fal_probe_interval_seconds')).toBe(60);
  });

  it('starts a probe at zero that now asks another model', () => {
    record(good());
    reconfigured({ probes: [{ ...IMAGE, endpointId: 'fal-ai/flux/dev' }] });
    expect(Object.keys(shown('fal_probe_runs_total', { probe: IMAGE.name }))).toHaveLength(4);
    expect(total('fal_probe_runs_total', { endpoint_id: 'fal-ai/flux/dev' })).toBe(0);
    expect(shown('fal_endpoint_error_ratio')).toEqual({});
  });

  it('brings a removed probe back from zero', () => {
    record(good());
    reconfigured({ probes: [FREE] });
    reconfigured({ probes: [FREE, IMAGE] });
    expect(Object.values(shown('fal_probe_runs_total', { probe: IMAGE.name }))).toEqual([0, 0, 0, 0]);
  });

  it('shows new thresholds of the balance', () => {
    reconfigured({ account: { ...STORY_CONFIG.account, lowBalance: 50e9, criticalBalance: 0 } });
    expect(Object.values(shown('fal_account_balance_threshold_usd'))).toEqual([50, 0]);
  });

  it('shows a new interval of the collectors at once, but brings none back that is gone', () => {
    const counted = { durationSeconds: 1, intervalMs: 5 * MINUTE, calls: 1 };
    const ran = { kind: 'collector_ran', at: 0, ok: true, ...counted } as const;
    const intervals = (): unknown => shown('fal_exporter_collector_interval_seconds');
    record({ ...ran, collector: 'pricing' });
    clock.advance(7 * MINUTE);
    expect(intervals()).toEqual({ 'collector="pricing"': 300 });
    clock.advance(43 * MINUTE);
    record({ ...ran, collector: 'balance' });
    clock.advance(18 * MINUTE);
    expect(intervals()).toEqual({ 'collector="balance"': 300 });
    reconfigured({ collectors: testCollectors({ intervalMs: MINUTE }) });
    expect(intervals()).toEqual({ 'collector="balance"': 60 });
  });
});

describe('whatever happens', () => {
  const outcomeEvent = fc.record({
    probe: fc.constantFrom(FREE, IMAGE, VIDEO),
    type: fc.option(fc.constantFrom(...(Object.keys(ERROR_TYPES) as ErrorType[])), { nil: undefined }),
    seconds: fc.oneof(fc.double({ min: 0, max: 4000, noNaN: true }), fc.constantFrom(NaN, -1, Infinity)),
    pause: fc.nat(10 * MINUTE),
  });

  it('counters and buckets never fall, runs equal durations, and errors equal bad runs', () => {
    fc.assert(
      fc.property(fc.array(outcomeEvent, { maxLength: 40 }), (steps) => {
        const time = new HandClock();
        const own = new MetricStore({ clock: time, ...STORY_CONFIG.series });
        const sink = createRecorder({ store: own, clock: time, config: STORY_CONFIG });
        let before = monotoneValues(own);
        let strange = 0;
        for (const { probe, type, seconds, pause } of steps) {
          time.advance(pause);
          const run = goodRun(probe, time.now(), seconds);
          sink(type === undefined ? run : badRun(run, type));
          strange += Number.isFinite(seconds) && seconds >= 0 ? 0 : 1;
          const after = monotoneValues(own);
          for (const [series, value] of before)
            expect(after.get(series), series).toBeGreaterThanOrEqual(value);
          before = after;
        }
        const sum = (prefix: string): number =>
          [...before].reduce((all, [series, value]) => all + (series.startsWith(prefix) ? value : 0), 0);
        expect(sum('fal_probe_runs_total')).toBe(steps.length);
        expect(sum('fal_probe_duration_seconds count')).toBe(steps.length - strange);
        const bad =
          sum('fal_probe_runs_total') - sumOf(before, 'outcome="ok"') - sumOf(before, 'outcome="cancelled"');
        expect(sum('fal_probe_errors_total')).toBe(bad);
        expect(own.stats.ignored).toBe(strange);
      }),
      { numRuns: 30 },
    );
  });
});

/** Counters, and per histogram series its cumulative buckets, its count and its sum. */
function monotoneValues(own: MetricStore): Map<string, number> {
  const found = new Map<string, number>();
  for (const { name, definition, series, values, width } of own.collect().families) {
    if (definition.type === 'gauge') continue;
    series.forEach(({ labels }, i) => {
      for (let k = 0; k < width; k++) {
        const part = width === 1 ? '' : (['sum', 'count'][width - 1 - k] ?? `bucket ${k}`);
        found.set(`${name} ${part} ${labels.text}`, values[i * width + k] ?? NaN);
      }
    });
  }
  return found;
}

function sumOf(values: ReadonlyMap<string, number>, label: string): number {
  return [...values].reduce(
    (all, [series, value]) =>
      all + (series.startsWith('fal_probe_runs_total') && series.includes(label) ? value : 0),
    0,
  );
}
