import { type Level, levels, ofExporter, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';
import { balance } from './balance-series.ts';
import { locked } from './lock-series.ts';

const alert = 'FalLockBalanceMismatch';
const FAULT = 'account locked with money on it';

const LOCKS: readonly Level[] = [
  [10, 0],
  [20, 1],
  [20, 0],
];

/** As an exporter sees the contradiction, or not. */
function contradiction(
  those: readonly Level[],
  { account = 'prod', instance = '10.0.0.9:10464' } = {},
): InputSeries {
  return { [ofExporter('fal_account_lock_contradiction', { account, instance })]: levels(...those) };
}

function lockedWith(usd: number, reading: Parameters<typeof balance>[1] = {}): InputSeries {
  return together(
    contradiction(LOCKS),
    contradiction(LOCKS, { instance: '10.0.0.8:10464' }),
    balance([[50, usd]], reading),
  );
}

const firing = (usd: string): Firing => ({
  labels: { severity: 'warning', scope: 'account', job: 'fal-exporter', account: 'prod' },
  summary: `your fal account prod is locked with ${usd} USD on it`,
  description: `fal refuses the account prod for want of money and reports a balance of ${usd} USD at the same time. Topping up may not help. This is a case for fal’s support: the status page of the exporter has the text to send, with both readings, their times in UTC and request ids.`,
  dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=prod',
});

export const LOCK_MISMATCH: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'a locked account with 12.50 USD, after ten minutes' },
    fault: FAULT,
    series: lockedWith(12.5),
    faultAt: 600,
    firesAfter: 615,
    firing: [firing('12.50')],
  },
  {
    ...{ alert, kind: 'fires', name: 'with the smaller of two balances, although a scrape fails in between' },
    series: together(
      contradiction([
        [10, 0],
        [5, 1],
        [0.25, 'gone'],
        [20, 1],
      ]),
      balance([
        [15, 5.01],
        [0.25, 'gone'],
        [20, 5.01],
      ]),
      balance([[40, 7]], { instance: '10.0.0.8:10464' }),
    ),
    faultAt: 600,
    firesAfter: 615,
    firing: [firing('5.01')],
  },
  {
    ...{ alert, kind: 'silent below', name: 'a contradiction for less than ten minutes' },
    series: together(
      contradiction([
        [10, 0],
        [10, 1],
        [20, 0],
      ]),
      balance([[40, 12.5]]),
    ),
    until: 2400,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'a lock that the exporter does not call a contradiction' },
    series: together(locked('payment_method', LOCKS), contradiction([[50, 0]]), balance([[50, 12.5]])),
    until: 1800,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'the balance was read more than an hour ago' },
    series: lockedWith(12.5, { readAt: -3600 }),
    until: 1800,
  },
  {
    ...{ alert, kind: 'silent otherwise', name: 'it is that of another account' },
    series: together(contradiction(LOCKS, { account: 'stage' }), balance([[50, 12.5]])),
    until: 1800,
  },
  {
    ...{ alert, kind: 'resolves', name: 'with the lock, or with a balance that is empty after all' },
    fault: FAULT,
    series: lockedWith(12.5),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 15,
  },
];
