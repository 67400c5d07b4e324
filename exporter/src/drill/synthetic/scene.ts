import {
  type CounterDefinition,
  type ErrorType,
  type GaugeDefinition,
  clientActiveRequests,
  clientOldestRequestAge,
} from 'opentelemetry-instrumentation-fal/core';
import * as catalogue from '../../metrics/catalogue.ts';

/** Begins the account, the models and whatever else synthetic numbers name, so that nobody takes them for real. */
export const DRILL_MARK = 'fire-drill';

/** The account that synthetic numbers speak of. */
export const DRILL_ACCOUNT = DRILL_MARK;

/** Models of the same kind: fal has none of them. */
export const MODELS = ['fire-drill/model-a', 'fire-drill/model-b', 'fire-drill/model-c'] as const;
export type Model = (typeof MODELS)[number];

/** What a synthetic drill measures, as long as it stands. */
export type Scene = readonly Feed[];

export type Feed = Requests | Level | Growth;

/** Requests of an app that finish. */
export interface Requests {
  readonly kind: 'requests';
  readonly endpointId: Model;
  readonly perSecond: number;
  readonly ending: 'ok' | ErrorType;
  /** How long each of them takes. */
  readonly seconds: number;
  /** How long each of them waits in the queue before it runs; those that never run leave it out. */
  readonly queueWaitSeconds?: number | undefined;
}

/** A gauge that stands somewhere. */
export interface Level {
  readonly kind: 'level';
  readonly metric: GaugeDefinition;
  readonly labels: Readonly<Record<string, string>>;
  /** `now`: Unix time in seconds. Ageing: that many seconds when the scene begins, and older with each second. */
  readonly value: number | 'now' | { readonly ageingFrom: number };
}

/** A counter that grows evenly. */
export interface Growth {
  readonly kind: 'growth';
  readonly metric: CounterDefinition;
  readonly labels: Readonly<Record<string, string>>;
  readonly perSecond: number;
}

/** Far above what any rule wants to see before it judges (20 requests in five minutes). */
const BUSY = 5;
const USUAL_SECONDS = 2.4;

/** Good requests, as many as a busy app sends unless said otherwise. */
export function good(endpointId: Model, perSecond = BUSY): Requests {
  return {
    kind: 'requests',
    endpointId,
    perSecond,
    ending: 'ok',
    seconds: USUAL_SECONDS,
    queueWaitSeconds: 0.3,
  };
}

/** Good requests that take long, or wait long for a runner. */
export function slow(
  endpointId: Model,
  times: { readonly seconds: number; readonly queueWaitSeconds: number },
): Requests {
  return { ...good(endpointId), ...times };
}

/** Requests that end with an error after a moment. */
export function failing(endpointId: Model, ending: ErrorType, perSecond = BUSY): Requests {
  return { kind: 'requests', endpointId, perSecond, ending, seconds: 0.4 };
}

/** Requests in flight, none of which ends. */
export function inFlight(endpointId: Model, oldest: Level['value'], count: number): Scene {
  const labels = { endpoint_id: endpointId, state: 'running' };
  return [
    { kind: 'level', metric: clientActiveRequests, labels, value: count },
    { kind: 'level', metric: clientOldestRequestAge, labels, value: oldest },
  ];
}

/** What the exporter knows of a balance: the reading, its freshness, and the marks to hold it against. */
export function balance(usd: number): Scene {
  const threshold = catalogue.accountBalanceThreshold;
  const { collectorLastSuccess } = catalogue;
  return [
    { kind: 'level', metric: catalogue.accountBalance, labels: {}, value: usd },
    { kind: 'level', metric: threshold, labels: { severity: 'warning' }, value: 20 },
    { kind: 'level', metric: threshold, labels: { severity: 'critical' }, value: 5 },
    { kind: 'level', metric: collectorLastSuccess, labels: { collector: 'balance' }, value: 'now' },
  ];
}

/** Whether fal refuses the account. */
export function lock(isLocked: boolean): Level {
  const labels = { reason: 'exhausted_balance' };
  return { kind: 'level', metric: catalogue.accountLocked, labels, value: isLocked ? 1 : 0 };
}

/** Whether fal refuses the account for want of money that is there. */
export function contradiction(isOne: boolean): Level {
  return { kind: 'level', metric: catalogue.accountLockContradiction, labels: {}, value: isOne ? 1 : 0 };
}

/** The last five runs of a probe. */
export function lastRuns(runs: Readonly<Record<'ok' | 'slow' | 'failure' | 'refused', number>>): Scene {
  return Object.entries(runs).map(([result, value]) => ({
    kind: 'level',
    metric: catalogue.probeRecentRuns,
    labels: { probe: 'fire-drill', endpoint_id: MODELS[0], result },
    value,
  }));
}

/** An open incident on fal's official status page, of an impact that fal itself never names. */
export function incident(open: number): Level {
  return { kind: 'level', metric: catalogue.statusIncident, labels: { impact: DRILL_MARK }, value: open };
}
