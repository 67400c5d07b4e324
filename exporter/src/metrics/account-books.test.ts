import { beforeEach, describe, expect, it } from 'vitest';
import type { ProbeConfig } from '../config/config.ts';
import { STORY_CONFIG, badRun, goodRun } from '../exposition/golden/story.ts';
import { HandClock } from './hand-clock.ts';
import { createRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { MetricStore } from './store.ts';
import { shownIn, totalIn } from './test-reading.ts';

const [FREE, IMAGE] = STORY_CONFIG.probes as [ProbeConfig, ProbeConfig];
const ACCOUNT = STORY_CONFIG.account.name;

let clock: HandClock;
let store: MetricStore;
let record: Recorder;

beforeEach(() => {
  clock = new HandClock();
  store = new MetricStore({ clock, ...STORY_CONFIG.series });
  record = createRecorder({ store, clock, config: STORY_CONFIG });
});

const shown = (name: string): Record<string, number> => shownIn(store, name);
const total = (name: string): number => totalIn(store, name);

describe('another account name', () => {
  const TEAM_B = {
    ...STORY_CONFIG,
    account: { ...STORY_CONFIG.account, name: 'team-b', concurrencyLimit: 4 },
  };
  const families = (): string[] =>
    store.collect().families.flatMap(({ name, series }) => (series.length > 0 ? [name] : []));

  /** Every kind of event that is booked for an account. */
  function somethingOfEach(): void {
    const at = clock.now();
    const remaining = { hour: 1, day: 2, month: 3 };
    const host = { host: 'fal.run', up: true, durationSeconds: 1 };
    const price = { endpointId: IMAGE.endpointId ?? '', unit: 'images', price: 1 };
    record(goodRun(IMAGE, clock.now(), 2));
    record(badRun(goodRun(IMAGE, clock.now(), 2), 'internal_error'));
    record({ kind: 'probe_run_skipped', at, probe: IMAGE.name, reason: 'budget' });
    record({ kind: 'host_checked', at, probe: FREE.name, ...host });
    record({ kind: 'spend_booked', at, probe: IMAGE.name, cost: 50_000_000, source: 'worst_case' });
    record({ kind: 'budget_observed', at, remaining });
    record({ kind: 'unit_price_observed', at, ...price });
    for (const account of [ACCOUNT, 'team-b']) {
      record({ kind: 'balance_observed', at, account, balance: 1 });
      record({ kind: 'slots_observed', at, account, inUse: 1 });
      record({ kind: 'account_lock_observed', at, account, locked: true });
    }
  }

  it('ends every series of the old account, and starts those of the new one at zero', () => {
    somethingOfEach();
    record.reconfigure(TEAM_B);
    for (const { name, series, values, definition } of store.collect().families) {
      expect(series.filter(({ labels }) => labels.values.account === ACCOUNT).length, name).toBe(0);
      if (definition.type !== 'gauge')
        expect(
          values.every((value) => value === 0),
          name,
        ).toBe(true);
    }
    for (const name of ['fal_probe_up', 'fal_account_balance_usd', 'fal_endpoint_error_ratio'])
      expect(shown(name), name).toEqual({});
    expect(shown('fal_account_concurrency_limit')).toEqual({ 'account="team-b"': 4 });
    expect(Object.keys(shown('fal_probe_runs_total'))).toHaveLength(4 * STORY_CONFIG.probes.length);
  });

  it('books what happens from then on for the new account alone', () => {
    somethingOfEach();
    const before = families();
    record.reconfigure(TEAM_B);
    somethingOfEach();
    expect(families()).toEqual(before);
    for (const { name, series } of store.collect().families) {
      expect(series.filter(({ labels }) => labels.values.account === ACCOUNT).length, name).toBe(0);
    }
    expect(total('fal_probe_runs_total')).toBe(2);
    expect(total('fal_probe_spend_usd_total')).toBe(0.05);
  });

  it('owes nothing to the new account when a booking of the old one is corrected late', () => {
    const book = (cost: number): void =>
      record({ kind: 'spend_booked', at: 0, probe: IMAGE.name, cost, source: 'units' });
    book(50_000_000);
    record.reconfigure(TEAM_B);
    book(-47_000_000);
    book(3_000_000);
    expect(shown('fal_probe_spend_usd_total')).toEqual({ 'account="team-b"': 0.003 });
  });
});
