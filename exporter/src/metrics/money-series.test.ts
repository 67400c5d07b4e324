import { beforeEach, describe, expect, it } from 'vitest';
import type { DomainEvent, EndpointSpend, PriceChange } from '../domain/events.ts';
import { STORY_CONFIG } from '../exposition/golden/story.ts';
import { HandClock } from './hand-clock.ts';
import { createRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { MetricStore } from './store.ts';
import { shownIn } from './test-reading.ts';

const ACCOUNT = STORY_CONFIG.account.name;
const MODEL = 'fal-ai/flux/schnell';
const OTHER = 'acme/paint';
const AT = { at: 0, account: ACCOUNT } as const;

let clock: HandClock;
let store: MetricStore;
let record: Recorder;

beforeEach(() => {
  clock = new HandClock();
  store = new MetricStore({ clock, ...STORY_CONFIG.series });
  record = createRecorder({ store, clock, config: STORY_CONFIG });
});

/** Values of a family by the one label that tells its series apart. */
function shown(name: string, label: string): Record<string, number> {
  const pattern = new RegExp(`${label}="([^"]*)"`);
  const found = Object.entries(shownIn(store, name));
  return Object.fromEntries(found.map(([text, value]) => [pattern.exec(text)?.[1] ?? text, value]));
}

function spend(...endpoints: (Partial<EndpointSpend> & { readonly endpointId: string })[]): DomainEvent {
  const whole = endpoints.map((some) => ({ billed: 0, estimated: 0, unpricedRequests: 0, ...some }));
  return { ...AT, kind: 'spend_observed', endpoints: whole };
}

const spent = (): Record<string, number> => shown('fal_account_spend_usd_total', 'endpoint_id');

describe('the bill', () => {
  it('is absent until the books are opened, and then stands where they stand', () => {
    expect(spent()).toEqual({});
    record(spend({ endpointId: MODEL, billed: 1.5e9, estimated: 2e9, unpricedRequests: 3 }));
    expect(spent()).toEqual({ [MODEL]: 1.5 });
    expect(shown('fal_account_estimated_spend_usd_total', 'endpoint_id')).toEqual({ [MODEL]: 2 });
    expect(shown('fal_account_unpriced_requests_total', 'endpoint_id')).toEqual({ [MODEL]: 3 });
  });

  it('of a model that is billed for the first time is shown at zero in one collection', () => {
    record(spend());
    record(spend({ endpointId: OTHER, billed: 2e9 }));
    record(spend({ endpointId: OTHER, billed: 3e9 }));
    expect(spent()).toEqual({ [OTHER]: 0 });
    expect(spent()).toEqual({ [OTHER]: 3 });
    record(spend({ endpointId: OTHER, billed: 4e9 }));
    expect(spent()).toEqual({ [OTHER]: 4 });
  });

  it('never falls', () => {
    record(spend({ endpointId: MODEL, billed: 2e9 }));
    record(spend({ endpointId: MODEL, billed: 1e9 }));
    expect(spent()).toEqual({ [MODEL]: 2 });
  });

  it('of another account is not booked', () => {
    record({ ...spend({ endpointId: MODEL, billed: 2e9 }), account: 'another' } as DomainEvent);
    expect(spent()).toEqual({});
  });
});

describe('burn, runway and the rest', () => {
  const money = (parts: object): DomainEvent => ({
    ...AT,
    kind: 'money_observed',
    burnPerHour: {},
    ...parts,
  });

  it('are absent when they are not known, and absent again when they are known no more', () => {
    record(money({ burnPerHour: { '1h': 2e9 }, runwaySeconds: 0, monthSpend: 5e9, costDrift: 0.8 }));
    expect(shown('fal_account_burn_rate_usd_per_hour', 'window')).toEqual({ '1h': 2 });
    expect(shown('fal_account_runway_seconds', 'account')).toEqual({ [ACCOUNT]: 0 });
    expect(shown('fal_account_month_spend_usd', 'account')).toEqual({ [ACCOUNT]: 5 });
    expect(shown('fal_account_cost_drift_ratio', 'account')).toEqual({ [ACCOUNT]: 0.8 });
    record(money({}));
    for (const name of ['burn_rate_usd_per_hour', 'runway_seconds', 'month_spend_usd', 'cost_drift_ratio']) {
      expect(shownIn(store, `fal_account_${name}`), name).toEqual({});
    }
  });

  it('budgets and grants come from the configuration and go with it', () => {
    expect(shown('fal_account_budget_usd', 'window')).toEqual({ hour: 10, month: 500 });
    expect(shown('fal_account_credit_expiry_timestamp_seconds', 'grant')).toEqual({
      launch: Date.UTC(2027, 1, 1) / 1000,
    });
    const account = { ...STORY_CONFIG.account, hourlyBudget: undefined, grants: [] };
    record.reconfigure({ ...STORY_CONFIG, account });
    expect(shown('fal_account_budget_usd', 'window')).toEqual({ month: 500 });
    expect(shownIn(store, 'fal_account_credit_expiry_timestamp_seconds')).toEqual({});
  });

  it('accounts whose balance is not read have no counter of top-ups', () => {
    expect(shownIn(store, 'fal_account_topups_usd_total')).toEqual({});
    record({ ...AT, kind: 'top_ups_observed', total: 0 });
    expect(shown('fal_account_topups_usd_total', 'account')).toEqual({ [ACCOUNT]: 0 });
  });
});

describe('a lock that the balance contradicts', () => {
  const lock = (locked: boolean): void =>
    record({ ...AT, kind: 'account_lock_observed', locked, reason: 'exhausted_balance' });
  const contradiction = (): number[] => Object.values(shownIn(store, 'fal_account_lock_contradiction'));

  it('is told only while both are known, and no longer than the balance is fresh', () => {
    expect(contradiction()).toEqual([]);
    lock(true);
    expect(contradiction()).toEqual([]);
    record({ ...AT, kind: 'balance_observed', balance: 24e9 });
    expect(contradiction()).toEqual([1]);
    clock.advance(3 * STORY_CONFIG.collectors.balance.intervalMs + 1);
    expect(contradiction()).toEqual([]);
    record({ ...AT, kind: 'balance_observed', balance: 5e9 });
    expect(contradiction()).toEqual([0]);
    record({ ...AT, kind: 'balance_observed', balance: 24e9 });
    lock(false);
    expect(contradiction()).toEqual([0]);
  });
});

describe('what fal says of the models', () => {
  it('one state of a model is 1 at a time', () => {
    record({ kind: 'model_status_observed', at: 0, endpointId: MODEL, status: 'active' });
    record({ kind: 'model_status_observed', at: 0, endpointId: MODEL, status: 'missing' });
    expect(shown('fal_model_status', 'status')).toEqual({ active: 0, deprecated: 0, missing: 1 });
  });

  it('a price change is counted once however often it is told, from a zero that was there before', () => {
    record({ kind: 'unit_price_observed', at: 0, endpointId: MODEL, unit: 'images', price: 1e6 });
    expect(shown('fal_model_price_changes_total', 'move')).toEqual({
      ...{ raised: 0, lowered: 0, unit: 0, withdrawn: 0 },
    });
    const change: PriceChange = {
      ...{ endpointId: MODEL, move: 'raised', from: { unit: 'images', price: 1e6 }, seenAt: 7 },
      ...{ to: { unit: 'images', price: 2e6 }, weeklyEffect: -3e9 },
    };
    const told: DomainEvent = { kind: 'price_changes_observed', at: 0, changes: [change] };
    record(told);
    record(told);
    expect(shown('fal_model_price_changes_total', 'move')).toMatchObject({ raised: 1 });
    expect(shown('fal_model_price_change_weekly_usd', 'endpoint_id')).toEqual({ [MODEL]: -3 });
    record({ ...told, changes: [change, { ...change, seenAt: 8, weeklyEffect: undefined }] });
    expect(shownIn(store, 'fal_model_price_change_weekly_usd')).toEqual({});
    record({ ...told, changes: [] });
    expect(shownIn(store, 'fal_model_price_change_weekly_usd')).toEqual({});
    expect(shown('fal_model_price_changes_total', 'move')).toMatchObject({ raised: 2 });
  });

  it('what analytics do not tell is absent, also when they told it before', () => {
    const bucket = { bucketStart: 0, bucketEnd: 60_000, duration: {}, prepare: {} };
    const told = { kind: 'analytics_observed', at: 0, endpointId: MODEL, ...bucket } as const;
    record({ ...told, requests: { success: 3, error: 0 }, duration: { 0.95: 2 }, coldBoots: 1 });
    expect(shown('fal_platform_requests', 'class')).toEqual({ success: 3, error: 0 });
    expect(shown('fal_platform_duration_seconds', 'quantile')).toEqual({ 0.95: 2 });
    record({ ...told, requests: { success: 4 } });
    expect(shown('fal_platform_requests', 'class')).toEqual({ success: 4 });
    expect(shownIn(store, 'fal_platform_duration_seconds')).toEqual({});
    expect(shownIn(store, 'fal_platform_cold_boots')).toEqual({});
  });

  it('a model that the request history does not tell of any more has no number of stuck requests', () => {
    const told = (...ids: string[]): void => {
      const endpoints = ids.map((endpointId) => ({ endpointId, running: 2, stuck: 1, stuckIds: [] }));
      record({ ...AT, kind: 'request_history_observed', endpoints });
    };
    told(MODEL, OTHER);
    expect(shown('fal_account_stuck_requests', 'endpoint_id')).toEqual({ [MODEL]: 1, [OTHER]: 1 });
    told(OTHER);
    expect(shown('fal_account_stuck_requests', 'endpoint_id')).toEqual({ [OTHER]: 1 });
    expect(shown('fal_account_running_requests', 'endpoint_id')).toEqual({ [OTHER]: 2 });
  });
});
