import { type Level, levels, levelsEvery, ofExporter, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { burning } from './pace-series.ts';

const DAY = 86_400;
const OF_PROD = { scope: 'account', job: 'fal-exporter', account: 'prod' };
const DASHBOARD = 'http://localhost:3000/d/fal-credits?var-account=prod';

const EXPIRING = 'FalCreditsExpiring';

const expiring = (left: string): Firing => ({
  labels: { severity: 'warning', ...OF_PROD, grant: 'startup' },
  summary: `credits of your fal account prod expire in ${left} (startup)`,
  description: `The grant startup of the account prod expires in ${left}; what is left of it then is gone. Use it for work that can be done now, or ask fal for an extension. When the balance falls at the end of it, top up in time.`,
  dashboardUrl: DASHBOARD,
});

/** The end of a grant, in seconds from the start. */
function grant(seconds: number, minutes: number, name = 'startup', instance = '10.0.0.9:10464'): InputSeries {
  const labels = { account: 'prod', grant: name, instance };
  return {
    [ofExporter('fal_account_credit_expiry_timestamp_seconds', labels)]: levels([minutes, seconds]),
  };
}

const ENDS = 'the last 14 days of a grant begin';

const expiry: readonly RuleCase[] = [
  {
    ...{
      alert: EXPIRING,
      kind: 'fires',
      name: 'for the grant that has less than 14 days left, and no other',
    },
    fault: ENDS,
    series: together(
      grant(14 * DAY + 600, 60),
      grant(14 * DAY + 600, 60, 'startup', '10.0.0.8:10464'),
      grant(30 * DAY, 60, 'support'),
    ),
    faultAt: 600,
    firesAfter: 615,
    firing: [expiring('13d 23h 49m 45s')],
  },
  {
    ...{ alert: EXPIRING, kind: 'silent below', name: 'a grant that has 14 days left' },
    series: grant(14 * DAY + 3600, 60),
    until: 3600,
  },
  {
    ...{ alert: EXPIRING, kind: 'silent otherwise', name: 'a grant that expired long ago' },
    series: grant(-DAY, 60),
    until: 3600,
  },
  {
    ...{ alert: EXPIRING, kind: 'resolves', name: 'when it is over, since nothing can be done any more' },
    fault: ENDS,
    series: grant(3600, 90),
    firingAt: 3585,
    healedAt: 3600,
    resolvesAfter: 0,
  },
  {
    ...{ alert: EXPIRING, kind: 'resolves', name: 'when the configuration gives it a later end' },
    series: {
      [ofExporter('fal_account_credit_expiry_timestamp_seconds', { account: 'prod', grant: 'startup' })]:
        levels([40, DAY], [20, 90 * DAY]),
    },
    firingAt: 2400,
    healedAt: 2400,
    resolvesAfter: 15,
  },
];

const DRIFT = 'FalCostDrift';
const step = 300;
const HOURS = 60;

/** Billed as a share of the list price. */
function share(those: readonly Level[], instance = '10.0.0.9:10464'): InputSeries {
  return {
    [ofExporter('fal_account_cost_drift_ratio', { account: 'prod', instance })]: levelsEvery(step, ...those),
  };
}

function spending(usdPerHour: number, hours: number): InputSeries {
  const [name = ''] = Object.keys(burning('24h', [[1, 1]]));
  return { [name]: levelsEvery(step, [hours * HOURS, usdPerHour]) };
}

const drifted = (percent: string): Firing => ({
  labels: { severity: 'info', ...OF_PROD },
  summary: `fal bills the account prod ${percent} of the list price, unlike yesterday`,
  description: `Over the last 24 hours fal billed the account prod ${percent} of what its requests cost at list price, and a day ago it was another share. A discount began or ended, or a price changed that the list does not show yet. Estimates, and the costs that your app reports, are off by as much.`,
  dashboardUrl: DASHBOARD,
});

const CHANGED = 'a discount of 20 % ends';
const DISCOUNT_ENDS: readonly Level[] = [
  [30 * HOURS, 0.8],
  [40 * HOURS, 1],
];

const drift: readonly RuleCase[] = [
  {
    ...{ alert: DRIFT, kind: 'fires', name: 'half an hour after the share moved by more than a tenth', step },
    fault: CHANGED,
    series: together(share(DISCOUNT_ENDS), spending(0.1, 70)),
    faultAt: 30 * 3600,
    firesAfter: 1800 + step,
    firing: [drifted('100%')],
  },
  {
    ...{ alert: DRIFT, kind: 'fires', name: 'when it gets cheaper, too', step },
    series: together(
      share([
        [30 * HOURS, 1],
        [40 * HOURS, 0.85],
      ]),
      spending(1, 70),
    ),
    faultAt: 30 * 3600,
    firesAfter: 1800 + step,
    firing: [drifted('85%')],
  },
  {
    ...{ alert: DRIFT, kind: 'silent below', name: 'a share that moves by less than a tenth', step },
    series: together(
      share([
        [30 * HOURS, 0.5],
        [20 * HOURS, 0.549],
      ]),
      spending(1, 50),
    ),
    until: 49 * 3600,
  },
  {
    ...{ alert: DRIFT, kind: 'silent below', name: 'an account that spends 96 cents a day', step },
    series: together(share(DISCOUNT_ENDS), spending(0.04, 70)),
    until: 60 * 3600,
  },
  {
    ...{ alert: DRIFT, kind: 'silent otherwise', name: 'a discount that has always been there', step },
    series: together(share([[50 * HOURS, 0.7]]), spending(1, 50)),
    until: 49 * 3600,
  },
  {
    ...{ alert: DRIFT, kind: 'silent otherwise', name: 'nobody knows the share of a day ago', step },
    series: together(share([[20 * HOURS, 0.7]]), spending(1, 20)),
    until: 19 * 3600,
  },
  {
    ...{ alert: DRIFT, kind: 'resolves', name: 'a day later, when the new share is that of a day ago', step },
    fault: CHANGED,
    series: together(share(DISCOUNT_ENDS), spending(1, 70)),
    firingAt: 53 * 3600,
    healedAt: 30 * 3600,
    resolvesAfter: DAY + step,
  },
];

export const VALUE: readonly RuleCase[] = [...expiry, ...drift];
