import type { FileName, Recording } from './alert.ts';
import { type PromQl, maxWithout, minWithout } from './promql.ts';
import { APP, PROBES, RECORDED, SOURCES, type SourceOfTruth } from './sources.ts';

const SECONDS: Readonly<Record<string, number>> = {
  '2m': 120,
  '5m': 300,
  '15m': 900,
  '30m': 1800,
  '1h': 3600,
  '2h': 7200,
  '6h': 21_600,
  '1d': 86_400,
  '3d': 259_200,
};

/** Windows of the optional burn-rate pack that the core pack does not have. */
const SLO_WINDOWS = ['30m', '2h', '6h', '1d', '3d'] as const;

/** What a file computes before its alerts. Platform alerts read what the endpoint file recorded. */
export function recordingsOf(file: FileName, promql: PromQl): readonly Recording[] {
  switch (file) {
    case 'endpoint':
      return [
        latencyLimit(promql),
        ...appRecordings(promql),
        ...probeRecordings(promql),
        ...inFlight(promql),
        appErrorRatio(promql),
      ];
    case 'account':
      return [balance(promql), ...moneyOfTheHour(promql), ...waste(promql)];
    case 'slo':
      return SOURCES.flatMap((source) => [
        // The core pack has no hour of probes: quiet ones are judged by their runs.
        ...(source === PROBES ? ratioRecordings(source, promql, '1h') : []),
        ...SLO_WINDOWS.flatMap((window) => ratioRecordings(source, promql, window)),
        ...['5m', '1h', ...SLO_WINDOWS].map((window) => slowRecording(source, promql, window)),
      ]);
    case 'platform':
    case 'meta':
      return [];
  }
}

function appRecordings(promql: PromQl): Recording[] {
  return [
    ...['2m', '5m', '1h'].flatMap((window) => ratioRecordings(APP, promql, window)),
    requestsRecording(APP, promql, '15m'),
    timeouts(APP, promql),
    p95Recording(promql),
    ...['15m', '1h'].map((window) => meanRecording(promql, window)),
  ];
}

function probeRecordings(promql: PromQl): Recording[] {
  return [
    ...['2m', '5m'].flatMap((window) => ratioRecordings(PROBES, promql, window)),
    requestsRecording(PROBES, promql, '15m'),
    timeouts(PROBES, promql),
    probeP95Recording(promql),
  ];
}

/** Finished requests; whoever cancelled did not want an answer any more. */
function requestsRecording(source: SourceOfTruth, promql: PromQl, window: string): Recording {
  const finished = source.select(promql, `${source.requests}_total`, 'outcome!="cancelled"');
  return {
    record: RECORDED.requests(source, window),
    expr: source.sum(`increase(${finished}[${rangeOf(promql, window)}])`, ...source.ownLabels),
  };
}

/** Requests, failures and their ratio. The ratio of no traffic is absent: a division by 0 would be NaN. */
export function ratioRecordings(source: SourceOfTruth, promql: PromQl, window: string): Recording[] {
  const range = rangeOf(promql, window);
  const requests = RECORDED.requests(source, window);
  const failures = RECORDED.failures(source, window);
  const failed = source.select(promql, ...source.failures);
  return [
    requestsRecording(source, promql, window),
    {
      record: failures,
      // An app without a single error yet has no errors series, and still a ratio: 0.
      expr: `${source.sum(`increase(${failed}[${range}])`, ...source.ownLabels)}\nor\n0 * ${requests}`,
    },
    { record: RECORDED.failureRatio(source, window), expr: `${failures}\n/\n(${requests} > 0)` },
  ];
}

/**
 * Timeouts of any class. Probes have their counters at zero from the start; an app may show its first timeout as
 * a new series at 1, which increase() does not see. New is what a target that answered a window ago did not have
 * then: after a gap in scraping, everything would look new.
 */
function timeouts(source: SourceOfTruth, promql: PromQl): Recording {
  const range = rangeOf(promql, '15m');
  const series = source.select(promql, `${source.requests}_total`, 'outcome="timeout"');
  const grown = `increase(${series}[${range}])`;
  const born = `((${series} unless ${series} offset ${range}) and on (job, instance) ${promql.app('up')} offset ${range} == 1)`;
  return {
    record: RECORDED.timeouts(source, '15m'),
    expr: source.sum(
      source.source === 'app' ? `(${grown} > 0) or ${born} or ${grown}` : grown,
      ...source.ownLabels,
    ),
  };
}

/**
 * Over those who got an answer or waited in vain: fast failures would make an outage look quick. A quantile of
 * histograms is by far the dearest thing to compute here, so there is one, over the window that also says when the
 * trouble is over.
 */
function p95Recording(promql: PromQl): Recording {
  const buckets = APP.select(promql, `${APP.duration}_bucket`, 'outcome=~"ok|timeout"');
  const rate = APP.sum(`rate(${buckets}[${rangeOf(promql, '2m')}])`, ...APP.ownLabels);
  return {
    record: RECORDED.quantile(APP, 0.95, '2m'),
    // Over no observations it is NaN; nothing is the honest answer.
    expr: `histogram_quantile(0.95, ${rate}) >= 0`,
  };
}

/** The exporter has the exact quantile of its own runs at hand. Of several exporters the slower one counts. */
function probeP95Recording(promql: PromQl): Recording {
  const exact = PROBES.select(
    promql,
    'fal_probe_duration_quantile_seconds',
    'quantile="0.95"',
    'window="5m"',
  );
  return {
    record: RECORDED.quantile(PROBES, 0.95, '5m'),
    expr: PROBES.max(promql.latest(exact), ...PROBES.ownLabels, 'quantile', 'window'),
  };
}

/** For models that are asked too rarely for a quantile: over five requests it would be the slowest of them. */
function meanRecording(promql: PromQl, window: string): Recording {
  const range = rangeOf(promql, window);
  const total = (part: 'sum' | 'count'): string => {
    const series = APP.select(promql, `${APP.duration}_${part}`, 'outcome=~"ok|timeout"');
    return APP.sum(`increase(${series}[${range}])`, ...APP.ownLabels);
  };
  return { record: RECORDED.mean(APP, window), expr: `${total('sum')}\n/\n(${total('count')} > 0)` };
}

/** The bound is written 60 or 60.0, as the scraped format has it. */
function slowRecording(source: SourceOfTruth, promql: PromQl, window: string): Recording {
  const range = rangeOf(promql, window);
  const buckets = source.select(
    promql,
    `${source.duration}_bucket`,
    'outcome=~"ok|timeout"',
    'le=~"60([.]0)?"',
  );
  const counts = source.select(promql, `${source.duration}_count`, 'outcome=~"ok|timeout"');
  const inTime = source.sum(`increase(${buckets}[${range}])`, ...source.ownLabels, 'le');
  const all = source.sum(`increase(${counts}[${range}])`, ...source.ownLabels);
  return { record: RECORDED.slowRatio(source, window), expr: `1 - ${inTime}\n/\n(${all} > 0)` };
}

/** In force now, per model; several exporters of one account agree, and if not, the more patient one wins. */
function latencyLimit(promql: PromQl): Recording {
  const limit = promql.latest(promql.exporter('fal_endpoint_latency_limit_seconds'));
  return { record: RECORDED.latencyLimit, expr: `max by (account, endpoint_id) (${limit})` };
}

function inFlight(promql: PromQl): Recording[] {
  const active = promql.latest(promql.app('fal_client_active_requests'));
  const oldest = promql.latest(promql.app('fal_client_oldest_request_age_seconds'));
  return [
    { record: RECORDED.activeRequests, expr: APP.sum(active, 'state') },
    { record: RECORDED.oldestRequest, expr: APP.max(oldest, 'state') },
  ];
}

/** What the app is refused for its own input. A content policy is about prompts, not about a deploy: kept apart. */
function appErrorRatio(promql: PromQl): Recording {
  const errors = promql.app(APP.errors, 'fault="app"', 'error_type!="content_policy_violation"');
  const refused = APP.sum(`increase(${errors}[${rangeOf(promql, '5m')}])`, ...APP.ownLabels);
  const requests = RECORDED.requests(APP, '5m');
  return {
    record: RECORDED.appErrorRatio,
    // Before the first refusal there is no series of it. Yesterday's share was 0 all the same, and not absent.
    expr: `(\n  ${refused}\n  or\n  0 * ${requests}\n)\n/\n(${requests} > 0)`,
  };
}

/** An old reading says nothing about now, so it is left out. */
function balance(promql: PromQl): Recording {
  const reading = promql.latest(promql.exporter('fal_account_balance_usd'));
  const ofBalance = (metric: string): string => promql.latest(promql.exporter(metric, 'collector="balance"'));
  const age = `time() - ${ofBalance('fal_exporter_collector_last_success_timestamp_seconds')}`;
  // A balance that is read once an hour is an hour old before each reading.
  const patience = `3 * ${ofBalance('fal_exporter_collector_interval_seconds')}`;
  const isFresh = `(${age} < ${promql.seconds(3600)} or ${age} < ${patience})`;
  return {
    record: RECORDED.balance,
    expr: minWithout([], `${reading} and on (job, instance) ${isFresh}`),
  };
}

/** Two exporters of one account see the same bill: the larger reading, never the sum. Two apps are two. */
function moneyOfTheHour(promql: PromQl): Recording[] {
  const range = rangeOf(promql, '1h');
  const ofBill = (metric: string): string =>
    `max by (job, account) (\n  sum by (job, instance, account) (increase(${promql.exporter(metric)}[${range}]))\n)`;
  const ofApp = `increase(${promql.app('fal_client_cost_usd_total')}[${range}])`;
  return [
    { record: RECORDED.billed, expr: ofBill('fal_account_spend_usd_total') },
    { record: RECORDED.atListPrice, expr: ofBill('fal_account_estimated_spend_usd_total') },
    { record: RECORDED.estimatedByApp, expr: APP.sum(ofApp, 'endpoint_id', 'source') },
  ];
}

/**
 * Money of the last 24 hours that bought nothing, by reason. A day of every sample of every app would be the dearest
 * of all rules, so quarters of an hour are added up. What failed and was billed is known to the bill and to the app:
 * the bill counts, and the app only where nobody reads the bill.
 */
function waste(promql: PromQl): Recording[] {
  const wasted = promql.app('fal_client_wasted_cost_usd_total');
  const quarter = promql.duration(900);
  const ofBill = promql.latest(promql.exporter('fal_account_wasted_usd_per_day'));
  const ofApp = `sum_over_time(${RECORDED.wastedByApp}[${promql.duration(86_400)}:${quarter}])`;
  return [
    {
      record: RECORDED.wastedByApp,
      expr: APP.sum(`increase(${wasted}[${quarter}])`, 'endpoint_id', 'job'),
    },
    {
      record: RECORDED.waste,
      expr: [
        maxWithout(['job'], ofBill),
        'or on (account, reason)',
        `label_replace(${ofApp}, "reason", "failed", "reason", "error")`,
      ].join('\n'),
    },
  ];
}

function rangeOf(promql: PromQl, window: string): string {
  const seconds = SECONDS[window];
  if (seconds === undefined)
    throw new Error(`no window ${window}: known are ${Object.keys(SECONDS).join(', ')}`);
  return promql.duration(seconds);
}
