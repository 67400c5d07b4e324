import { type Level, levels, ofExporter, together } from '../exporter-series.ts';
import type { Firing, RuleCase } from '../rule-case.ts';
import { burning } from './pace-series.ts';

const alert = 'FalCreditSpike';
const FAULT = 'the last hour cost five times the usual';

function spike(usd: string): Firing {
  return {
    labels: { severity: 'warning', scope: 'account', job: 'fal-exporter', account: 'prod' },
    summary: `your fal account prod spends unusually much: ${usd} USD in the last hour`,
    description: `The account prod spent ${usd} USD in the last hour, far more than in an average hour of the day before. Look for a retry storm (requests per minute), a dearer model (cost per request), a batch job, or a leaked key (endpoints that you do not use).`,
    dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=prod',
  };
}

/** Two dollars an hour, so many for half an hour, and two again. */
const HOURS = (peak: number): readonly Level[] => [
  [90, 2],
  [30, peak],
  [60, 2],
];
const USUAL = burning('24h', [[180, 2]]);
const AGAIN = { instance: '10.0.0.8:10464' };

export const SPIKE: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'ten minutes after the hour is dearer than three average hours' },
    fault: FAULT,
    series: together(burning('1h', HOURS(10)), USUAL),
    faultAt: 5400,
    firesAfter: 615,
    firing: [spike('10.00')],
  },
  {
    ...{ alert, kind: 'fires', name: 'once for two exporters, by the larger reading of both' },
    series: together(
      burning('1h', HOURS(10)),
      USUAL,
      burning('1h', HOURS(9), AGAIN),
      burning('24h', [[180, 1]], AGAIN),
    ),
    faultAt: 5400,
    firesAfter: 615,
    firing: [spike('10.00')],
  },
  {
    ...{ alert, kind: 'fires', name: 'although a scrape fails in between, and one an hour before' },
    series: together(
      burning('1h', [
        [90, 2],
        [5, 10],
        [0.25, 'gone'],
        [25, 10],
      ]),
      burning('24h', [
        [32, 2],
        [0.25, 'gone'],
        [90, 2],
      ]),
    ),
    faultAt: 5400,
    firesAfter: 615,
    firing: [spike('10.00')],
  },
  {
    ...{ alert, kind: 'silent below', name: 'exactly three average hours' },
    series: together(burning('1h', HOURS(6)), USUAL),
    until: 10_800,
  },
  {
    ...{ alert, kind: 'silent below', name: 'fifty times the usual, which is 5 USD an hour' },
    series: together(burning('1h', HOURS(5)), burning('24h', [[180, 0.1]])),
    until: 10_800,
  },
  {
    ...{ alert, kind: 'silent below', name: 'ten dear minutes' },
    series: together(
      burning('1h', [
        [90, 2],
        [10, 10],
        [60, 2],
      ]),
      USUAL,
    ),
    until: 9600,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'less than half a day of history' },
    series: together(burning('1h', HOURS(10)), {
      [ofExporter('fal_account_burn_rate_usd_per_hour', { account: 'prod', window: '24h' })]: '_x480 2x240',
    }),
    until: 8700,
  },
  {
    ...{
      alert,
      kind: 'silent otherwise',
      name: 'half a day of bills comes at once, after the exporter was away or fal’s billing was down',
    },
    series: together(burning('1h', [[180, 2]]), USUAL, {
      [ofExporter('fal_account_spend_usd_total', { account: 'prod', endpoint_id: 'fal-ai/veo3' })]: levels(
        [90, 100],
        [90, 124],
      ),
    }),
    until: 10_800,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'another account spends it' },
    series: together(burning('1h', HOURS(10), { account: 'stage' }), USUAL),
    until: 10_800,
  },
  {
    ...{ alert, kind: 'resolves', name: 'when the last hour is usual again' },
    fault: FAULT,
    series: together(burning('1h', HOURS(10)), USUAL),
    firingAt: 7200,
    healedAt: 7200,
    resolvesAfter: 15,
  },
  {
    ...{ alert, kind: 'resolves', name: 'when it goes on until it is the usual itself' },
    series: together(
      burning('1h', [
        [90, 2],
        [300, 10],
      ]),
      burning('24h', [
        [90, 2],
        [120, 3],
        [180, 3.5],
      ]),
    ),
    firingAt: 12_600,
    healedAt: 12_600,
    resolvesAfter: 3615,
  },
  {
    ...{ alert, kind: 'resolves', name: 'five minutes after nobody knows the pace any more' },
    series: together(
      burning('1h', [
        [90, 2],
        [30, 10],
        [20, 'gone'],
      ]),
      USUAL,
    ),
    firingAt: 7200,
    healedAt: 7200,
    resolvesAfter: 315,
  },
];
