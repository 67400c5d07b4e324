import { type Job, trueInferenceMs, trueQueueWaitMs } from 'fal-simulator';
import { COLLECTOR_NAMES } from '../domain/collector-name.ts';
import { COLLECTORS, type FaultNight, MODELS, type Sample } from './test-fault-night.ts';
import { FAMILIES_OF, nanoOf, seriesOf, told, valueOf } from './test-fault-shown.ts';
import type { Untruths } from './test-fault-table.ts';
import { priceText } from './test-fault-truth.ts';

/** Longest time between the moment that an answer describes and the moment that we tell of it. */
export const READING_MS = 31_000;
/** fal's history and its bill are half a minute behind. */
export const INDEXING_MS = 31_000;
const STUCK_AFTER_MS = 15 * 60_000;
const MINUTE = 60_000;

/** One scrape, the one before it, and what is known besides. */
export interface Facts {
  readonly night: FaultNight;
  readonly sample: Sample;
  readonly previous: Sample | undefined;
  readonly tells: Untruths;
}

/** Finds what is not so, in words. */
export type Check = (facts: Facts) => readonly string[];

const DIFFERENCES_OR_SUMS = new Set(['fal_model_price_change_weekly_usd']);

const isSane: Check = ({ sample }) =>
  [...sample.families].flatMap(([family, { series }]) =>
    series
      .filter(({ value }) => !Number.isFinite(value) || (value < 0 && !DIFFERENCES_OR_SUMS.has(family)))
      .map((shown) => `${family} is no such number: ${told(shown)}`),
  );

const countersNeverFall: Check = ({ sample, previous }) =>
  [...(previous?.families ?? [])]
    .filter(([, { isCounter }]) => isCounter)
    .flatMap(([family, { series }]) =>
      series
        .filter(({ labels, value }) => !((valueOf(sample, family, labels) ?? -1) >= value))
        .map((shown) => `${family} fell or vanished: ${told(shown)} was before`),
    );

/** Of a collector that has read nothing since, nothing may move. It may vanish. */
const unreadStandsStill: Check = ({ night, sample, previous }) => {
  if (previous === undefined) return [];
  const silent = COLLECTOR_NAMES.filter(
    (name) => (night.lastOk.get(name)?.at ?? -Infinity) <= previous.at - 1_000,
  );
  return silent.flatMap((name) =>
    FAMILIES_OF[name].flatMap((family) =>
      seriesOf(sample, family)
        .filter(({ labels, value }) => valueOf(previous, family, labels) !== value)
        .map((shown) => `${family} moved although ${name} read nothing: ${told(shown)}`),
    ),
  );
};

const collectorsTellTheirState: Check = ({ night, sample }) =>
  COLLECTOR_NAMES.flatMap((collector) => {
    const last = night.lastRan.get(collector);
    const lastOk = night.lastOk.get(collector);
    const isTold = (what: string, expected: number | undefined): boolean =>
      valueOf(sample, `fal_exporter_collector_${what}`, { collector }) === expected;
    const told: readonly (readonly [string, boolean])[] = [
      ['success', isTold('success', last && Number(last.ok))],
      ['last success', isTold('last_success_timestamp_seconds', lastOk && lastOk.at / 1000)],
      ['interval', isTold('interval_seconds', last && COLLECTORS[collector].intervalMs / 1000)],
    ];
    return told.filter(([, isSo]) => !isSo).map(([what]) => `${collector} does not tell its ${what}`);
  });

/** The age of what was read is never less than the time since then, and grows with the clock while nothing is read. */
const agesGrow: Check = ({ night, sample, previous }) =>
  COLLECTOR_NAMES.flatMap((collector) => {
    const ageIn = (one: Sample): number | undefined =>
      valueOf(one, 'fal_platform_data_age_seconds', { source: collector });
    const age = ageIn(sample);
    const okAt = night.lastOk.get(collector)?.at;
    if (age === undefined || okAt === undefined) {
      return age === okAt ? [] : [`the age of ${collector} is ${age}, and it was read at ${okAt}`];
    }
    const isTooYoung = age * 1000 < night.ageMs(collector) - 1;
    const before = previous && ageIn(previous);
    // At the very moment of the scrape before it may have been read after it.
    const isUnread = previous !== undefined && okAt < previous.at;
    const isStill = isUnread && Math.abs((age - (before ?? 0)) * 1000 - (sample.at - previous.at)) > 1;
    return isTooYoung || isStill ? [`the age of ${collector} is ${age} after ${before}`] : [];
  });

const pricesAreTrue: Check = ({ night, sample }) =>
  seriesOf(sample, 'fal_model_unit_price_usd')
    .filter(({ labels: { endpoint_id: id = '', unit = '' }, value }) => {
      const { prices, statuses } = night.truth;
      const isGone = statuses.get(id)?.between(sample.at, sample.at).includes('missing') === true;
      const from = isGone ? -Infinity : sample.at - night.ageMs('pricing') - READING_MS;
      const all = prices.get(id)?.between(from, sample.at) ?? [];
      return !all.includes(priceText(nanoOf(value), unit));
    })
    .map((shown) => `no such price: ${told(shown)}`);

const statusesAreTrue: Check = ({ night, sample }) =>
  MODELS.flatMap((id) => {
    const series = seriesOf(sample, 'fal_model_status').filter(({ labels }) => labels.endpoint_id === id);
    const at1 = series.filter(({ value }) => value === 1).map(({ labels }) => labels.status);
    const history = night.truth.statuses.get(id);
    const all = history?.between(sample.at - night.ageMs('models') - READING_MS, sample.at) ?? [];
    const isTrue = at1.length === 1 && all.some((status) => status === at1[0]);
    return series.length === 0 || isTrue ? [] : [`${id} was never ${at1.join(' and ')}`];
  });

const requestsAreTrue: Check = ({ night, sample, tells }) => {
  const toldAt = night.toldAt.get('request_history_observed') ?? -Infinity;
  const from = toldAt - READING_MS - (tells.lagMs ?? INDEXING_MS);
  return seriesOf(sample, 'fal_account_running_requests').flatMap((shown) => {
    const { endpoint_id: id = '' } = shown.labels;
    const stuck = valueOf(sample, 'fal_account_stuck_requests', { endpoint_id: id }) ?? 0;
    const isLong = ({ endpointId, runs, completedAt = Infinity }: Job): boolean =>
      endpointId === id && completedAt > from && (runs[0]?.startedAt ?? Infinity) <= toldAt - STUCK_AFTER_MS;
    const longOnes = night.simulator.ledger.jobs.filter(isLong).length;
    const problems = night.truth.running(id, from, toldAt).has(shown.value)
      ? []
      : [`running: ${told(shown)}`];
    return stuck > Math.min(longOnes, shown.value)
      ? [...problems, `${stuck} of ${id} are called stuck`]
      : problems;
  });
};

const analyticsAreTrue: Check = ({ night, sample }) =>
  MODELS.flatMap((id) => {
    const jobs = night.truth.ended.filter(({ endpointId }) => endpointId === id);
    const within = (family: string, msOf: (job: Job) => number | undefined): readonly string[] => {
      const all = jobs.map(msOf).filter((ms) => ms !== undefined);
      return seriesOf(sample, family)
        .filter(({ labels }) => labels.endpoint_id === id)
        .filter(({ value }) => value * 1000 < Math.min(...all) - 1 || value * 1000 > Math.max(...all) + 1)
        .map((shown) => `no request took so long: ${told(shown)}`);
    };
    const classes = ['success', 'user_error', 'error'];
    const requests = classes.map((name) =>
      valueOf(sample, 'fal_platform_requests', { endpoint_id: id, class: name }),
    );
    const minutes = Map.groupBy(jobs, ({ completedAt }) => Math.floor(completedAt / MINUTE));
    const counts = [...minutes.values()].map((some) =>
      classes.map((name) => some.filter((job) => classOf(job) === name).length),
    );
    const isTrue =
      requests.every((one) => one === undefined) || counts.some((some) => some.join() === requests.join());
    return [
      ...within('fal_platform_duration_seconds', trueInferenceMs),
      ...within('fal_platform_prepare_seconds', trueQueueWaitMs),
      ...(isTrue ? [] : [`in no minute had ${id} ${requests.join(', ')} requests by class`]),
    ];
  });

/** As fal's analytics sort an answer. */
function classOf({ outcome, httpStatus }: Job): string {
  const status = outcome === 'cancelled' ? 499 : (httpStatus ?? (outcome === 'ok' ? 200 : 500));
  return status < 400 ? 'success' : status < 500 ? 'user_error' : 'error';
}

const statusPageIsTrue: Check = ({ night, sample }) => {
  const age = night.ageMs('status-page');
  const isIncident = night.truth.incident.between(sample.at - age - READING_MS, sample.at).includes(true);
  const incidents = seriesOf(sample, 'fal_status_incident').filter(({ value }) => value > 0);
  const ill = seriesOf(sample, 'fal_status_component').filter(
    ({ labels, value }) => value !== Number(labels.state === 'operational'),
  );
  const invented = isIncident
    ? []
    : [...incidents, ...ill].map((shown) => `the page never said that ${told(shown)}`);
  const isOld = age > 3 * COLLECTORS['status-page'].intervalMs;
  const old = isOld
    ? [...seriesOf(sample, 'fal_status_incident'), ...seriesOf(sample, 'fal_status_component')]
    : [];
  const up = valueOf(sample, 'fal_status_page_up');
  const last = night.lastRan.get('status-page');
  const isUpTrue = up === (last && Number(last.ok));
  return [
    ...invented,
    ...old.map((shown) => `too old to show: ${told(shown)}`),
    ...(isUpTrue ? [] : ['status_page_up']),
  ];
};

const appMetricsAreFresh: Check = ({ night, sample }) => {
  const isOld = night.ageMs('serverless-metrics') > 3 * COLLECTORS['serverless-metrics'].intervalMs;
  const odd = sample.apps.filter((line) => isOld || !/^fal_app_\w+\{.*\} [\d.e+-]+\n$/.test(line));
  return odd.map((line) => `${isOld ? 'too old to show' : 'no metric of an app'}: ${line}`);
};

/** What holds of everything but money. */
export const CHECKS: readonly Check[] = [
  isSane,
  countersNeverFall,
  unreadStandsStill,
  collectorsTellTheirState,
  agesGrow,
  pricesAreTrue,
  statusesAreTrue,
  requestsAreTrue,
  analyticsAreTrue,
  statusPageIsTrue,
  appMetricsAreFresh,
];
