import { levels, ofExporter, together } from '../exporter-series.ts';
import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, traffic } from '../series.ts';
import { locked } from './lock-series.ts';

const alert = 'FalAccountLocked';

const BY_PROBE = 'account locked, seen by a probe';
const BY_APP = 'account locked, seen by the app';

function seenByProbe(reason: string): Firing {
  return {
    labels: {
      severity: 'critical',
      scope: 'account',
      source: 'probe',
      job: 'fal-exporter',
      account: 'prod',
      reason,
    },
    summary: `your fal account prod is locked (${reason})`,
    description: `fal answers every billable call of the account prod with 403, reason ${reason}. Models and platform are not the cause. Top up or mend the payment method; with money on the account, write to fal’s support with request ids. Alerts of single models are held back meanwhile.`,
    dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=prod',
  };
}

const seenByApp: Firing = {
  labels: { severity: 'critical', scope: 'account', source: 'app', job: 'shop', account: 'default' },
  summary: 'your fal account default is locked: your app’s requests are refused',
  description:
    'fal refuses your app’s requests because the account default is locked, and none succeeded in the last two minutes. Models and platform are not the cause. Top up or mend the payment method; with money on the account, write to fal’s support with request ids.',
  dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=default',
};

const LOCKED_AND_FREED = locked('exhausted_balance', [
  [10, 0],
  [10, 1],
  [20, 0],
]);

const byProbe: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'after a minute, with the reason' },
    fault: BY_PROBE,
    series: LOCKED_AND_FREED,
    faultAt: 600,
    firesAfter: 75,
    firing: [seenByProbe('exhausted_balance')],
  },
  {
    ...{
      alert,
      kind: 'fires',
      name: 'once, although a scrape fails in between, two exporters see it and a third one not',
    },
    series: together(
      locked('admin_lock', [
        [10, 0],
        [0.5, 1],
        [0.25, 'gone'],
        [20, 1],
      ]),
      locked(
        'admin_lock',
        [
          [10, 0],
          [0.5, 1],
          [0.25, 'gone'],
          [20, 1],
        ],
        { instance: '10.0.0.8:10464' },
      ),
      locked('admin_lock', [[40, 0]], { instance: '10.0.0.7:10464' }),
    ),
    faultAt: 600,
    firesAfter: 75,
    firing: [seenByProbe('admin_lock')],
  },
  {
    ...{ alert, kind: 'silent below', name: 'a lock for less than a minute' },
    series: locked('payment_method', [
      [10, 0],
      [1, 1],
      [20, 0],
    ]),
    until: 1800,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'nobody has seen a lock either way' },
    series: { [ofExporter('fal_account_balance_usd', { account: 'prod' })]: levels([20, 0]) },
    until: 1200,
  },
  {
    ...{ alert, kind: 'resolves', name: 'ten minutes after the lock went, not in between' },
    fault: BY_PROBE,
    series: LOCKED_AND_FREED,
    firingAt: 1200,
    healedAt: 1200,
    resolvesAfter: 615,
  },
];

const REFUSED = { account_locked: 4 } as const;
const USED: readonly TrafficPhase[] = [{ minutes: 10, perMinute: { ok: 12, account_locked: 0 } }];

const byApp: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'once for two models, two minutes after the last success' },
    fault: BY_APP,
    series: together(
      traffic([...USED, { minutes: 20, perMinute: REFUSED }]),
      traffic([...USED, { minutes: 20, perMinute: REFUSED }], { labels: { endpoint_id: 'fal-ai/m2' } }),
    ),
    faultAt: 600,
    firesAfter: 180,
    firing: [seenByApp],
  },
  {
    ...{ alert, kind: 'fires', name: 'an app whose first request ever is refused, once it is refused again' },
    series: Object.fromEntries(
      Object.entries(traffic([{ minutes: 20, perMinute: REFUSED }])).map(([name]) => [name, '_x40 1x7 2x40']),
    ),
    faultAt: 720,
    firesAfter: 60,
    firing: [seenByApp],
  },
  {
    ...{
      alert,
      kind: 'silent otherwise',
      name: 'the app is refused, and an exporter that looks at the same account sees no lock',
    },
    series: together(traffic([...USED, { minutes: 20, perMinute: REFUSED }]), {
      [ofExporter('fal_account_locked', { account: 'default', reason: 'top_up' })]: levels([30, 0]),
    }),
    until: 1800,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'some requests are refused, and one a minute succeeds' },
    series: traffic([...USED, { minutes: 20, perMinute: { ok: 1, account_locked: 40 } }]),
    until: 1800,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'the app’s requests are refused for their key' },
    series: traffic([...USED, { minutes: 20, perMinute: { unauthorized: 4, account_locked: 0 } }]),
    until: 1800,
  },
  {
    ...{ alert, kind: 'silent without enough traffic', name: 'nothing is refused, and nothing succeeds' },
    series: traffic([...USED, { minutes: 20, perMinute: {} }]),
    until: 1800,
  },
  {
    ...{ alert, kind: 'resolves', name: 'ten minutes after the app’s requests succeed again' },
    fault: BY_APP,
    series: traffic([...USED, { minutes: 20, perMinute: REFUSED }, { minutes: 20, perMinute: { ok: 12 } }]),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 615,
  },
  {
    ...{ alert, kind: 'resolves', name: 'a quarter of an hour after the app gave up asking' },
    series: traffic([...USED, { minutes: 10, perMinute: REFUSED }, { minutes: 20, perMinute: { ok: 0 } }]),
    firingAt: 1200,
    healedAt: 1200,
    resolvesAfter: 900,
  },
  {
    ...{ alert, kind: 'survives a counter reset', name: 'the app restarts while the account is locked' },
    series: traffic([
      ...USED,
      { minutes: 10, perMinute: REFUSED },
      { minutes: 10, perMinute: REFUSED, restart: true },
    ]),
    until: 1800,
    firesBetween: [780, 1800],
  },
  {
    ...{ alert, kind: 'survives a counter reset', name: 'the app restarts after a lock long gone' },
    series: traffic([
      { minutes: 5, perMinute: { ok: 60, account_locked: 8 } },
      { minutes: 20, perMinute: { ok: 60, account_locked: 0 } },
      { minutes: 20, perMinute: { ok: 60, account_locked: 0 }, restart: true },
    ]),
    until: 2700,
  },
];

export const ACCOUNT_LOCKED: readonly RuleCase[] = [...byProbe, ...byApp];
