import { ADMIN_COLLECTORS, COLLECTOR_NAMES, type CollectorName } from '../domain/collector-name.ts';
import type {
  CollectorRan,
  EndpointSpend,
  EventSink,
  MoneyObserved,
  PriceChange,
  RunningRequests,
} from '../domain/events.ts';
import { nanoFromUsd } from '../domain/money.ts';
import { SCENE_NOW } from './scenes.ts';

/** Every host that the free probe asks. */
export const SCENE_HOSTS: readonly string[] = ['queue.fal.run', 'fal.run', 'rest.fal.ai', 'api.fal.ai'];
export const FLUX_ID = 'fal-ai/flux/schnell';
export const KLING_ID = 'fal-ai/kling-video/v2.1/master/text-to-video';

const HOUR = 3_600_000;
const account = 'default';

/** What is seen of the surroundings while all is well. */
export interface Surroundings {
  readonly down?: readonly string[];
  /** Dollars. */
  readonly balance?: number;
  /** False leaves out everything that only an ADMIN key may read. */
  readonly hasMoney?: boolean;
}

export function tellSurroundings(
  sink: EventSink,
  { down = [], balance = 47.42, hasMoney = true }: Surroundings = {},
): void {
  const at = SCENE_NOW - 15_000;
  const error = {
    ...({ type: 'network_error', fault: 'network' } as const),
    text: 'the connection failed (ECONNREFUSED)',
  };
  for (const host of SCENE_HOSTS) {
    const up = !down.includes(host);
    const check = { kind: 'host_checked', at, probe: 'queue-gateway', host, durationSeconds: 0.084 } as const;
    sink({ ...check, up, error: up ? undefined : error });
  }
  sink({ kind: 'account_lock_observed', at: SCENE_NOW - HOUR + 200_000, account, locked: false });
  tellMachinery(sink, at);
  sink({ kind: 'request_history_observed', at, account, endpoints: [] });
  const unread: readonly CollectorName[] = ['status-page', 'serverless-metrics'];
  for (const name of COLLECTOR_NAMES) {
    const isOff = unread.includes(name) || (!hasMoney && ADMIN_COLLECTORS.has(name));
    if (!isOff) sink(collectorRan(name));
  }
  if (hasMoney) tellMoney(sink, { balance });
}

export function collectorRan(collector: CollectorName, problem?: string): CollectorRan {
  const at = SCENE_NOW - (problem === undefined ? 15_000 : 0);
  const ran = {
    kind: 'collector_ran',
    at,
    collector,
    durationSeconds: 0.21,
    intervalMs: 60_000,
    calls: 60,
  } as const;
  return problem === undefined ? { ...ran, ok: true, dataUntil: at } : { ...ran, ok: false, problem };
}

function tellMachinery(sink: EventSink, at: number): void {
  sink({ kind: 'slots_observed', at, account, inUse: 2, limit: 10 });
  const remaining = { hour: nanoFromUsd(0.037), day: nanoFromUsd(0.62), month: nanoFromUsd(13.9) };
  sink({ kind: 'budget_observed', at, remaining });
  sink({ kind: 'spend_booked', at, probe: 'flux-schnell', cost: nanoFromUsd(0.003), source: 'units' });
  for (const [endpointId, unit, price] of [
    [FLUX_ID, 'megapixel', 0.003],
    [KLING_ID, 'second of video', 0.28],
  ] as const) {
    sink({ kind: 'unit_price_observed', at, endpointId, unit, price: nanoFromUsd(price) });
    sink({ kind: 'model_status_observed', at, endpointId, status: 'active' });
  }
  sink({ kind: 'price_changes_observed', at, changes: [] });
  sink({ kind: 'config_loaded', at: SCENE_NOW - HOUR + 100_000, ok: true, problems: [] });
}

/** Dollars, hours and ratios of an account; the rest is worked out. */
export interface SceneMoney {
  readonly balance: number;
  readonly perHour?: number;
  readonly month?: number;
  readonly drift?: number;
}

export function tellMoney(sink: EventSink, money: SceneMoney): void {
  const { balance, perHour = 0.96, month = 312.4, drift = 0.8 } = money;
  const at = SCENE_NOW - 15_000;
  sink({ kind: 'balance_observed', at, account, balance: nanoFromUsd(balance) });
  sink({ kind: 'top_ups_observed', at, account, total: nanoFromUsd(400) });
  const burnPerHour: MoneyObserved['burnPerHour'] = {
    '1h': nanoFromUsd(perHour),
    '24h': nanoFromUsd(perHour * 0.7),
  };
  const runwaySeconds = perHour > 0 ? Math.max(0, (balance / perHour) * 3600) : undefined;
  const facts = { burnPerHour, runwaySeconds, monthSpend: nanoFromUsd(month), costDrift: drift };
  sink({ kind: 'money_observed', at, account, ...facts });
  const perDay = { failed: nanoFromUsd(0.42), probe: nanoFromUsd(0.38) };
  sink({ kind: 'waste_observed', at, account, perDay });
  sink({ kind: 'spend_observed', at, account, endpoints: SPENDS.map(([id, billed]) => spend(id, billed)) });
}

const SPENDS = [
  [KLING_ID, 412.5],
  [FLUX_ID, 96.031],
  ['fal-ai/recraft/v3/text-to-image', 71.2],
  ['fal-ai/whisper', 9.4],
  ['fal-ai/esrgan', 3.07],
  ['fal-ai/birefnet/v2', 0.44],
  ['fal-ai/stable-audio', 0.09],
] as const;

function spend(endpointId: string, dollars: number): EndpointSpend {
  const billed = nanoFromUsd(dollars);
  return { endpointId, billed, estimated: Math.round(billed * 1.25), unpricedRequests: 0 };
}

/** A price that moved both ways, a new unit, and one that is gone. */
export const SCENE_PRICE_CHANGES: readonly PriceChange[] = [
  {
    ...{ endpointId: FLUX_ID, move: 'raised', seenAt: SCENE_NOW - 2 * HOUR, weeklyEffect: nanoFromUsd(3.2) },
    from: { unit: 'megapixel', price: nanoFromUsd(0.0025) },
    to: { unit: 'megapixel', price: nanoFromUsd(0.003) },
  },
  {
    ...{ endpointId: KLING_ID, move: 'unit', seenAt: SCENE_NOW - 30 * HOUR },
    from: { unit: 'video', price: nanoFromUsd(1.4) },
    to: { unit: 'second of video', price: nanoFromUsd(0.28) },
  },
  {
    ...{ endpointId: 'fal-ai/whisper', move: 'withdrawn', seenAt: SCENE_NOW - 50 * HOUR },
    from: { unit: 'compute second', price: nanoFromUsd(0.0001) },
  },
];

export const SCENE_STUCK: readonly RunningRequests[] = [
  {
    ...{ endpointId: KLING_ID, running: 3, stuck: 2, oldestSeconds: 5400 },
    stuckIds: ['764cabcf-b745-4b3e-ae38-795288340001', '764cabcf-b745-4b3e-ae38-795288340002'],
  },
  { endpointId: FLUX_ID, running: 1, stuck: 0, oldestSeconds: 3, stuckIds: [] },
];
