import type { CollectorName } from '../domain/collector-name.ts';
import type { Check, Facts } from './test-fault-checks.ts';
import { INDEXING_MS, READING_MS } from './test-fault-checks.ts';
import { COLLECTORS } from './test-fault-night.ts';
import { nanoOf, seriesOf, told, valueOf } from './test-fault-shown.ts';

const MINUTE = 60_000;
/** Balance above which a lock for want of money contradicts it, nano-dollars. */
const CRITICAL = 5e9;
const WANT_OF_MONEY = new Set(['exhausted_balance', 'top_up', 'unknown']);
/** The money watch works everything out again this often. */
const REFRESH_MS = 17_000;
/** A lock is read once a minute; two readings may be under way before it is seen. */
const SEEN_AFTER_MS = 2.5 * MINUTE;

const balanceIsTrue: Check = ({ night, sample }) => {
  const balance = valueOf(sample, 'fal_account_balance_usd');
  const toldAt = night.toldAt.get('balance_observed') ?? -Infinity;
  const all = night.truth.balance.between(toldAt - READING_MS, toldAt).map((nano) => Math.max(0, nano));
  const isTrue = balance === undefined ? toldAt === -Infinity : all.includes(nanoOf(balance));
  const topUps = valueOf(sample, 'fal_account_topups_usd_total') ?? 0;
  return [
    ...(isTrue ? [] : [`the balance was not ${balance} at ${toldAt}`]),
    ...(nanoOf(topUps) <= night.truth.rises ? [] : [`nobody topped up ${topUps}`]),
  ];
};

const billIsInTheLedger: Check = ({ night, sample, tells }) => {
  const { truth } = night;
  if (tells.wrongAmounts === true) return [];
  const tooMuch = seriesOf(sample, 'fal_account_spend_usd_total').filter(
    ({ labels, value }) => nanoOf(value) > truth.charged(sample.at, labels.endpoint_id),
  );
  const listed = (id = ''): number => truth.units(sample.at, id) * (truth.dearest.get(id) ?? 0);
  const tooDear = seriesOf(sample, 'fal_account_estimated_spend_usd_total').filter(
    ({ labels, value }) => nanoOf(value) > listed(labels.endpoint_id) + 1,
  );
  const unpriced = seriesOf(sample, 'fal_account_unpriced_requests_total').filter(({ value }) => value > 0);
  return [
    ...tooMuch.map(
      (shown) => `never billed: ${told(shown)}, at ${truth.charged(sample.at, shown.labels.endpoint_id)}`,
    ),
    ...tooDear.map((shown) => `never worth that: ${told(shown)}`),
    ...unpriced.map((shown) => `all have a price: ${told(shown)}`),
  ];
};

/** A new model is shown at 0 in one scrape before its money, and the money watch looks every 15 s. */
const SHOWN_AFTER_MS = 31_000;

/** A bill that was read holds all that fal had listed by then. */
const billKeepsUp: Check = ({ night, sample, tells }) => {
  const { truth } = night;
  const listedMs = (name: CollectorName): number => {
    const age = night.ageMs(name);
    return age < SHOWN_AFTER_MS ? -Infinity : sample.at - age - READING_MS - (tells.lagMs ?? INDEXING_MS);
  };
  const isPartial = tells.missingEvents === true || tells.wrongAmounts === true;
  const until = Math.max(listedMs('usage'), isPartial ? -Infinity : listedMs('billing-events'));
  const behind = [...truth.chargedByModel(until)].filter(([endpointId, nano]) => {
    const shown = valueOf(sample, 'fal_account_spend_usd_total', { endpoint_id: endpointId }) ?? 0;
    return nanoOf(shown) < nano;
  });
  const month = valueOf(sample, 'fal_account_month_spend_usd') ?? Infinity;
  const isMonthBehind = nanoOf(month) < truth.charged(listedMs('usage'));
  return [
    ...behind.map(([endpointId, nano]) => `the bill of ${endpointId} lacks money: ${nano} were listed`),
    ...(isMonthBehind ? [`the month lacks money: ${month}`] : []),
  ];
};

const lockIsTrue: Check = ({ night, sample }) => {
  const series = seriesOf(sample, 'fal_account_locked');
  const at1 = series.filter(({ value }) => value === 1).map(({ labels }) => labels.reason);
  const [shown] = at1;
  const { lock } = night.truth;
  const toldAt = night.toldAt.get('account_lock_observed') ?? -Infinity;
  const isTrue = series.length === 0 || lock.between(toldAt - READING_MS, toldAt).includes(shown);
  const recently = lock.between(sample.at - SEEN_AFTER_MS, sample.at);
  const isSettled = recently.length === 1 && night.ageMs('lock') < 1.5 * MINUTE;
  return [
    ...(at1.length > 1 || !isTrue ? [`the account was not locked for ${at1.join(' and ')}`] : []),
    ...(isSettled && recently[0] !== shown ? [`the lock is ${recently[0]} and not ${shown}`] : []),
  ];
};

const contradictionFollows: Check = ({ night, sample }) => {
  const balance = valueOf(sample, 'fal_account_balance_usd');
  const reasons = seriesOf(sample, 'fal_account_locked');
  const isFresh = night.ageMs('balance') <= 3 * COLLECTORS.balance.intervalMs;
  const isForMoney = reasons.some(
    ({ labels, value }) => value === 1 && WANT_OF_MONEY.has(labels.reason ?? ''),
  );
  const isKnown = balance !== undefined && reasons.length > 0 && isFresh;
  const expected = isKnown ? Number(isForMoney && nanoOf(balance) > CRITICAL) : undefined;
  const shown = valueOf(sample, 'fal_account_lock_contradiction');
  return shown === expected ? [] : [`contradiction is ${shown} and not ${expected}`];
};

/** Whether nothing may be told from it any more: three readings were missed, and a quarter of an hour is over. */
function isOld({ night }: Facts, ...collectors: readonly CollectorName[]): boolean {
  return collectors.every((name) => {
    const limitMs = Math.max(3 * COLLECTORS[name].intervalMs, 15 * MINUTE);
    return night.ageMs(name) > limitMs + REFRESH_MS;
  });
}

const oldMoneyIsAbsent: Check = (facts) => {
  const { night, sample, tells } = facts;
  const isEventsOld = isOld(facts, 'billing-events');
  const isMonthOld =
    tells.month !== true && night.ageMs('usage') > 3 * COLLECTORS.usage.intervalMs + REFRESH_MS;
  const absent: [boolean, string, Record<string, string>?][] = [
    [isOld(facts, 'balance'), 'fal_account_runway_seconds'],
    [isOld(facts, 'balance', 'billing-events', 'usage'), 'fal_account_burn_rate_usd_per_hour'],
    [isEventsOld, 'fal_account_cost_drift_ratio'],
    [isEventsOld, 'fal_account_wasted_usd_per_day'],
    [isOld(facts, 'request-history'), 'fal_account_wasted_usd_per_day', { reason: 'failed' }],
    [isMonthOld, 'fal_account_month_spend_usd'],
  ];
  return absent
    .filter(([isDue, family, where]) => isDue && valueOf(sample, family, where) !== undefined)
    .map(([, family, where]) => `${family} ${JSON.stringify(where ?? {})} is too old to show`);
};

const ratesAreTrue: Check = ({ night: { truth }, sample, tells }) => {
  const burn = valueOf(sample, 'fal_account_burn_rate_usd_per_hour', { window: '1h' });
  const runway = valueOf(sample, 'fal_account_runway_seconds');
  // At least half of the hour was watched.
  const most = 2 * Math.max(truth.charged(sample.at), truth.falls);
  const isBurn = burn === undefined || tells.wrongAmounts === true || nanoOf(burn) <= most;
  const balances = truth.balance.between(sample.at - 20 * MINUTE, sample.at).map((nano) => Math.max(0, nano));
  const lasts = runway === 0 ? 0 : ((runway ?? 0) * nanoOf(burn ?? 0)) / 3600;
  const isTrue =
    runway === undefined || balances.some((nano) => Math.abs(nano - lasts) <= 1e-6 * Math.max(nano, 1e6));
  return [
    ...(isBurn ? [] : [`nobody spends ${burn} an hour`]),
    ...(isTrue ? [] : [`a runway of ${runway} at ${burn} an hour follows from no balance`]),
  ];
};

const sumsAreTrue: Check = ({ night: { truth }, sample, tells }) => {
  const month = valueOf(sample, 'fal_account_month_spend_usd') ?? 0;
  const drift = valueOf(sample, 'fal_account_cost_drift_ratio');
  const [least, most] = tells.drift ?? [1, 1];
  const isDrift = drift === undefined || (drift >= least - 1e-9 && drift <= most + 1e-9);
  const waste = (reason: string): number =>
    nanoOf(valueOf(sample, 'fal_account_wasted_usd_per_day', { reason }) ?? 0);
  const failed = truth.ended.filter(({ httpStatus = 200 }) => httpStatus >= 400);
  const failedNano = failed.reduce((sum, { chargedNano = 0 }) => sum + chargedNano, 0);
  const isWaste = waste('probe') === 0 && (tells.wrongAmounts === true || waste('failed') <= failedNano);
  return [
    ...(nanoOf(month) <= truth.charged(sample.at) ? [] : [`${month} were not billed this month`]),
    ...(isDrift || tells.wrongAmounts === true ? [] : [`bills do not drift to ${drift}`]),
    ...(isWaste ? [] : [`waste of ${waste('failed')} and ${waste('probe')}`]),
  ];
};

/** Price changes are seen when there are any; each is counted at most once on the way there and once back. */
const priceMovesAreTrue: Check = ({ night: { truth }, sample }) =>
  seriesOf(sample, 'fal_model_price_changes_total')
    .filter(({ labels: { endpoint_id: id = '' }, value }) => {
      const moves = (truth.prices.get(id)?.between(-Infinity, sample.at).length ?? 1) - 1;
      const withdrawals =
        truth.statuses.get(id)?.between(-Infinity, sample.at).includes('missing') === true ? 1 : 0;
      return value > moves + withdrawals;
    })
    .map((shown) => `no price moved so often: ${told(shown)}`);

/** What holds of money. */
export const MONEY_CHECKS: readonly Check[] = [
  balanceIsTrue,
  billIsInTheLedger,
  billKeepsUp,
  lockIsTrue,
  contradictionFollows,
  oldMoneyIsAbsent,
  ratesAreTrue,
  sumsAreTrue,
  priceMovesAreTrue,
];
