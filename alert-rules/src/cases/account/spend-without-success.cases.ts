import { together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, traffic } from '../series.ts';
import { billed } from './spend-series.ts';

const alert = 'FalSpendWithoutSuccess';
const step = 60;
const FAULT = 'requests that fal bills stop succeeding';

const firing = (share: string): Firing => ({
  labels: { severity: 'warning', scope: 'account', account: 'default' },
  summary: `your fal account default pays for failures: only ${share} succeed`,
  description: `Money leaves the account default while only ${share} of your app’s requests succeed. Server errors are not billed, but rejected inputs and results that nobody fetches can be. Find the error type that recurs and stop what causes it.`,
  dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=default',
});

const WELL: TrafficPhase = { minutes: 30, perMinute: { ok: 12, validation_error: 0 } };
const REFUSED: TrafficPhase = { minutes: 60, perMinute: { ok: 2, validation_error: 10 } };

interface Paying {
  readonly account?: string;
  readonly usdPerHour?: number;
  /** Of the second job; as the first one unless given. */
  readonly batch?: readonly TrafficPhase[];
}

/** Traffic of two jobs of the account, and a bill that goes on at 2 USD an hour unless told otherwise. */
function paying(
  phases: readonly TrafficPhase[],
  { account = 'default', usdPerHour = 2, batch = phases }: Paying = {},
): InputSeries {
  const minutes = phases.reduce((sum, phase) => sum + phase.minutes, 0);
  return together(
    traffic(phases, { step }),
    traffic(batch, { step, labels: { job: 'batch', endpoint_id: 'fal-ai/m2' } }),
    billed([{ minutes, usdPerHour }], { step, account }),
    billed([{ minutes, usdPerHour: 0 }], { step, account, endpointId: 'fal-ai/m2' }),
  );
}

export const SPEND_WITHOUT_SUCCESS: readonly RuleCase[] = [
  {
    ...{
      alert,
      step,
      kind: 'fires',
      name: 'most requests of all jobs of the account are refused, and it is billed',
    },
    fault: FAULT,
    series: paying([WELL, REFUSED], { batch: [WELL, { ...REFUSED, perMinute: { validation_error: 10 } }] }),
    faultAt: 1800,
    firesAfter: 1140,
    firing: [firing('9.091%')],
  },
  {
    ...{ alert, step, kind: 'fires', name: 'an app that never had a success' },
    series: paying([{ minutes: 40, perMinute: { validation_error: 10 } }]),
    faultAt: 0,
    firesAfter: 660,
    firing: [firing('0%')],
  },
  {
    ...{ alert, step, kind: 'fires', name: 'six requests in fifteen minutes, and all of them fail' },
    series: paying([{ minutes: 40, perMinute: { validation_error: 0.2 } }]),
    faultAt: 0,
    firesAfter: 1380,
    firing: [firing('0%')],
  },
  {
    ...{ alert, step, kind: 'silent below', name: 'half of the requests succeed' },
    series: paying([WELL, { minutes: 40, perMinute: { ok: 6, validation_error: 6 } }]),
    until: 4200,
  },
  {
    ...{
      alert,
      step,
      kind: 'silent without enough traffic',
      name: 'fewer than five requests in fifteen minutes',
    },
    series: paying([{ minutes: 60, perMinute: { validation_error: 0.15, ok: 0 } }]),
    until: 3600,
  },
  {
    ...{ alert, step, kind: 'silent otherwise', name: 'what fails is not billed' },
    series: together(
      traffic([WELL, REFUSED], { step }),
      billed(
        [
          { minutes: 30, usdPerHour: 2 },
          { minutes: 60, usdPerHour: 0 },
        ],
        { step, account: 'default' },
      ),
    ),
    until: 5400,
  },
  {
    ...{ alert, step, kind: 'silent otherwise', name: 'it is billed to another account' },
    series: paying([WELL, REFUSED], { account: 'prod' }),
    until: 5400,
  },
  {
    ...{
      alert,
      step,
      kind: 'silent otherwise',
      name: 'most requests are cancelled, which is nobody’s failure',
    },
    series: paying([{ minutes: 60, perMinute: { ok: 2, client_cancelled: 10 } }]),
    until: 3600,
  },
  {
    ...{ alert, step, kind: 'resolves', name: 'when half of fifteen minutes succeeds again' },
    fault: FAULT,
    series: paying([WELL, REFUSED, { minutes: 30, perMinute: { ok: 12 } }]),
    firingAt: 5400,
    healedAt: 5400,
    resolvesAfter: 360,
  },
  {
    ...{ alert, step, kind: 'survives a counter reset', name: 'app and exporter restart while all is well' },
    series: together(
      traffic([WELL, { ...WELL, restart: true }], { step }),
      billed(
        [
          { minutes: 30, usdPerHour: 2 },
          { minutes: 30, usdPerHour: 2, restart: true },
        ],
        { step, account: 'default' },
      ),
    ),
    until: 3600,
  },
  {
    ...{
      alert,
      step,
      kind: 'survives a counter reset',
      name: 'the app restarts while its requests are refused',
    },
    series: together(
      traffic(
        [
          { minutes: 30, perMinute: { ok: 2, validation_error: 10 } },
          { minutes: 30, perMinute: { ok: 2, validation_error: 10 }, restart: true },
        ],
        { step },
      ),
      billed([{ minutes: 60, usdPerHour: 2 }], { step, account: 'default' }),
    ),
    until: 3600,
    firesBetween: [660, 3600],
  },
];
