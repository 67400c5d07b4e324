import { beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../config/config.ts';
import { testCollectors, testConfig } from '../config/test-config.ts';
import type { CollectorRan } from '../domain/events.ts';
import { HandClock } from './hand-clock.ts';
import { type Recorder, createRecorder } from './recorder.ts';
import { MetricStore } from './store.ts';
import { shownIn } from './test-reading.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let clock: HandClock;
let store: MetricStore;
let record: Recorder;

beforeEach(() => start());

function start(parts: Partial<Config> = {}): void {
  const config = testConfig(parts);
  clock = new HandClock();
  store = new MetricStore({ clock, ...config.series });
  record = createRecorder({ store, clock, config });
}

function ran(parts: Partial<CollectorRan> = {}): void {
  const { ok = true } = parts;
  record({
    ...{ kind: 'collector_ran', at: clock.now(), collector: 'balance', ok, durationSeconds: 0.5 },
    ...{ intervalMs: MINUTE, calls: 1, ...(ok ? { dataUntil: clock.now() } : {}) },
    ...parts,
  });
}

const shown = (name: string): Record<string, number> => shownIn(store, name);
const ages = (): Record<string, number> => shown('fal_platform_data_age_seconds');

/** Every family that has a series of the collector. */
function families(collector: string): string[] {
  return store.collect().families.flatMap(({ name, series }) => {
    const isIts = series.some(({ labels: { values } }) => (values.collector ?? values.source) === collector);
    return isIts ? [name] : [];
  });
}

describe('the series of a collector', () => {
  it('are absent until it has run, but for those of others', () => {
    expect(families('balance')).toEqual([]);
    ran();
    expect(families('balance')).toEqual([
      'fal_exporter_collector_calls_total',
      'fal_exporter_collector_duration_seconds',
      'fal_exporter_collector_interval_seconds',
      'fal_exporter_collector_last_success_timestamp_seconds',
      'fal_exporter_collector_success',
      'fal_platform_data_age_seconds',
    ]);
    expect(families('pricing')).toEqual([]);
  });

  it('count its calls, and each has its own interval', () => {
    const collectors = { ...testCollectors(), models: { ...testCollectors().models, intervalMs: HOUR } };
    start({ collectors });
    ran({ calls: 3 });
    ran({ calls: 7, ok: false });
    ran({ collector: 'models', calls: 2 });
    expect(shown('fal_exporter_collector_calls_total')).toEqual({
      'collector="balance"': 7,
      'collector="models"': 2,
    });
    expect(shown('fal_exporter_collector_interval_seconds')).toEqual({
      'collector="balance"': 60,
      'collector="models"': 3600,
    });
  });

  it('stay for as long as it is configured, even when it runs once a day', () => {
    start({ collectors: testCollectors({ intervalMs: 24 * HOUR }) });
    ran();
    for (let scrapes = 0; scrapes < 24 * 12; scrapes++) {
      clock.advance(5 * MINUTE);
      store.collect();
    }
    expect(families('balance')).toHaveLength(6);
    expect(ages()).toEqual({ 'source="balance"': 86_400 });
  });

  it('go when it does not run any more, as after the loss of its key', () => {
    ran();
    ran({ collector: 'pricing' });
    clock.advance(HOUR - 1);
    ran({ collector: 'pricing' });
    expect(families('balance')).toHaveLength(6);
    clock.advance(1);
    expect([families('balance').length, families('pricing').length]).toEqual([0, 6]);
  });

  it('go at once when it is switched off, and a reading on its way brings none back', () => {
    ran();
    ran({ collector: 'status-page' });
    const { balance } = testCollectors();
    const off = { ...testCollectors(), balance: { ...balance, enabled: false } };
    record.reconfigure(testConfig({ collectors: off, statusPage: { enabled: false, url: 'https://x.y' } }));
    expect([families('balance'), families('status-page')]).toEqual([[], []]);
    ran();
    ran({ collector: 'status-page' });
    expect([families('balance'), families('status-page')]).toEqual([[], []]);
  });
});

describe('the age of what a collector read', () => {
  it('is absent until it has read anything', () => {
    ran({ ok: false });
    expect(ages()).toEqual({});
  });

  it('grows between readings, also while they fail', () => {
    ran();
    expect(ages()).toEqual({ 'source="balance"': 0 });
    clock.advance(MINUTE);
    ran({ ok: false });
    clock.advance(MINUTE);
    expect(ages()).toEqual({ 'source="balance"': 120 });
    ran();
    expect(ages()).toEqual({ 'source="balance"': 0 });
  });

  it('begins with what the source lags behind, and never below 0', () => {
    ran({ collector: 'analytics', dataUntil: clock.now() - 10 * MINUTE });
    ran({ collector: 'usage', dataUntil: clock.now() + HOUR });
    clock.advance(MINUTE);
    expect(ages()).toEqual({ 'source="analytics"': 660, 'source="usage"': 60 });
  });

  it('is not moved by a step of the wall clock', () => {
    ran();
    clock.advance(MINUTE);
    const at = clock.now() - 5 * HOUR;
    ran({ at, dataUntil: at - MINUTE });
    clock.advance(MINUTE);
    expect(ages()).toEqual({ 'source="balance"': 120 });
  });
});
