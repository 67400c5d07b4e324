import { type Level, levels, ofExporter, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';

const PROD = { account: 'prod' };

const saturated = (share: string): Firing => ({
  labels: { severity: 'warning', scope: 'account', account: 'prod' },
  summary: `your fal account prod uses ${share} of its concurrency limit`,
  description: `Of the slots of the account prod ${share} are taken. Queued requests now only wait, direct ones are refused with 429, and probes skip their runs. Lower your parallelism, look for stuck requests, or ask fal for a higher limit.`,
  dashboardUrl: 'http://localhost:3000/d/fal-queue?var-account=prod',
});

const OTHER = { ...PROD, instance: '10.0.0.8:10464' };

/** Slots in use, of so many. */
function slots(limit: number | undefined, ...inUse: readonly Level[]): InputSeries {
  const same = inUse.map(([minutes, value]): Level => [minutes, value === 'gone' ? value : (limit ?? 0)]);
  return {
    [ofExporter('fal_account_slots_in_use', PROD)]: levels(...inUse),
    ...(limit === undefined ? {} : { [ofExporter('fal_account_concurrency_limit', PROD)]: levels(...same) }),
  };
}

function running(endpointId: string): string {
  return `fal_client_active_requests{account="prod", endpoint_id="${endpointId}", state="running", job="shop", instance="10.0.0.1:9464"}`;
}

/** Requests of one model that fal lists as running. */
function atFal(endpointId: string, those: readonly Level[], exporter = PROD): InputSeries {
  const labels = { ...exporter, endpoint_id: endpointId };
  return { [ofExporter('fal_account_running_requests', labels)]: levels(...those) };
}

const FULL = 'nine of ten slots taken';
const SATURATED = 'FalConcurrencySaturated';

export const CONCURRENCY: readonly RuleCase[] = [
  {
    ...{ alert: SATURATED, kind: 'fires', name: 'nine of ten slots are taken for ten minutes' },
    fault: FULL,
    series: slots(10, [10, 2], [20, 9], [10, 8]),
    faultAt: 600,
    firesAfter: 615,
    firing: [saturated('90%')],
  },
  {
    ...{ alert: SATURATED, kind: 'fires', name: 'the app runs eight requests, and the probes one' },
    series: together(slots(10, [30, 1]), {
      [running('fal-ai/m1')]: levels([10, 1], [20, 5]),
      [running('fal-ai/m2')]: levels([10, 1], [20, 3]),
    }),
    faultAt: 600,
    firesAfter: 615,
    firing: [saturated('90%')],
  },
  {
    ...{
      alert: SATURATED,
      kind: 'fires',
      name: 'fal lists nine running requests of two models, whosever they are',
    },
    series: together(
      slots(10, [30, 1]),
      atFal('fal-ai/m1', [
        [10, 1],
        [20, 6],
      ]),
      atFal('fal-ai/m2', [
        [10, 1],
        [20, 3],
      ]),
      atFal(
        'fal-ai/m2',
        [
          [10, 0],
          [20, 2],
        ],
        OTHER,
      ),
      { [running('fal-ai/m1')]: levels([30, 6]) },
    ),
    faultAt: 600,
    firesAfter: 615,
    firing: [saturated('90%')],
  },
  {
    ...{
      alert: SATURATED,
      kind: 'silent below',
      name: 'what fal lists and what we know are the same requests',
    },
    series: together(slots(10, [30, 1]), atFal('fal-ai/m1', [[30, 8]]), {
      [running('fal-ai/m1')]: levels([30, 7]),
    }),
    until: 1800,
  },
  {
    ...{
      alert: SATURATED,
      kind: 'silent otherwise',
      name: 'the app has nine in flight, of which eight wait',
    },
    series: together(slots(10, [30, 1]), {
      [running('fal-ai/m1')]: levels([30, 1]),
      [running('fal-ai/m1').replace('running', 'queued')]: levels([30, 8]),
    }),
    until: 1800,
  },
  {
    ...{ alert: SATURATED, kind: 'fires', name: 'a failed scrape in between does not delay it' },
    series: slots(40, [10, 2], [5, 40], [0.25, 'gone'], [20, 40]),
    faultAt: 600,
    firesAfter: 615,
    firing: [saturated('100%')],
  },
  {
    ...{ alert: SATURATED, kind: 'silent below', name: '89 of 100 slots are taken' },
    series: slots(100, [30, 89]),
    until: 1800,
  },
  {
    ...{ alert: SATURATED, kind: 'silent below', name: 'a batch job of ten minutes' },
    series: slots(10, [10, 2], [10, 10], [20, 2]),
    until: 2400,
  },
  {
    ...{ alert: SATURATED, kind: 'silent below', name: 'two exporters know of five of the same ten slots' },
    series: together(slots(10, [30, 5]), {
      [ofExporter('fal_account_slots_in_use', OTHER)]: levels([30, 5]),
    }),
    until: 1800,
  },
  {
    ...{ alert: SATURATED, kind: 'fires', name: 'two exporters know of the same limit' },
    series: together(slots(10, [10, 2], [20, 9]), {
      [ofExporter('fal_account_concurrency_limit', OTHER)]: levels([30, 10]),
    }),
    faultAt: 600,
    firesAfter: 615,
    firing: [saturated('90%')],
  },
  {
    ...{ alert: SATURATED, kind: 'silent otherwise', name: 'the limit is not known' },
    series: slots(undefined, [30, 400]),
    until: 1800,
  },
  {
    ...{ alert: SATURATED, kind: 'silent otherwise', name: 'a limit of 0 divides nothing' },
    series: slots(0, [30, 4]),
    until: 1800,
  },
  {
    ...{ alert: SATURATED, kind: 'resolves', name: 'five minutes after the limit is not known any more' },
    series: slots(10, [20, 10], [20, 'gone']),
    firingAt: 1200,
    healedAt: 1200,
    resolvesAfter: 315,
  },
  {
    ...{ alert: SATURATED, kind: 'resolves', name: 'when slots become free' },
    fault: FULL,
    series: slots(10, [10, 2], [20, 9], [10, 8]),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 15,
  },
];

/** As two exporters of the account list them alike. */
function stuckRequests(...count: readonly Level[]): InputSeries {
  return Object.fromEntries(
    [PROD, OTHER].map((labels) => [
      ofExporter('fal_account_stuck_requests', { ...labels, endpoint_id: 'fal-ai/veo3' }),
      levels(...count),
    ]),
  );
}

const STUCK = 'FalSlotsStuck';
const STUCK_FAULT = 'requests that fal never ends';

export const SLOTS_STUCK: readonly RuleCase[] = [
  {
    ...{ alert: STUCK, kind: 'fires', name: 'per model, although a scrape fails in between' },
    fault: STUCK_FAULT,
    series: stuckRequests([10, 0], [5, 3], [0.25, 'gone'], [20, 3]),
    faultAt: 600,
    firesAfter: 615,
    firing: [
      {
        labels: {
          severity: 'warning',
          scope: 'account',
          job: 'fal-exporter',
          account: 'prod',
          endpoint_id: 'fal-ai/veo3',
        },
        summary: '3 requests to fal-ai/veo3 hold slots and do not end (account prod)',
        description:
          'fal lists 3 requests to fal-ai/veo3 (account prod) as running far longer than the model takes. Each one holds a concurrency slot until it ends. Cancel them by request id; if that does not help (known after a key was revoked), send the ids to fal’s support.',
        dashboardUrl: 'http://localhost:3000/d/fal-queue?var-account=prod',
      },
    ],
  },
  {
    ...{ alert: STUCK, kind: 'silent below', name: 'a request that ends after ten minutes after all' },
    series: stuckRequests([10, 0], [10, 1], [20, 0]),
    until: 2400,
  },
  {
    ...{ alert: STUCK, kind: 'silent without enough traffic', name: 'no request runs too long' },
    series: stuckRequests([30, 0]),
    until: 1800,
  },
  {
    ...{ alert: STUCK, kind: 'resolves', name: 'when the last of them ended' },
    fault: STUCK_FAULT,
    series: stuckRequests([10, 0], [20, 1], [20, 0]),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 15,
  },
  {
    ...{ alert: STUCK, kind: 'resolves', name: 'five minutes after nobody lists requests any more' },
    series: stuckRequests([30, 1], [20, 'gone']),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 315,
  },
];
