import { alert } from '../alert.ts';
import { DEFAULT_LIMIT_SECONDS, overLimit } from '../over-limit.ts';
import { factor, seconds } from '../parameter.ts';
import { APP, RECORDED } from '../sources.ts';

/**
 * A request that hangs completes nothing, so neither a ratio nor a quantile moves: this is the only alert that
 * sees it.
 */
export const requestsStuck = alert({
  name: 'FalRequestsStuck',
  scope: 'endpoint',
  severity: 'critical',
  forSeconds: 120,
  keepFiringForSeconds: 120,
  parameters: {
    min_age: seconds(900, 'age of the oldest request in flight, below which it stays silent'),
    times_limit: factor(3, 'how many times its P95 limit a request may take'),
    silence: seconds(600, 'how long requests may be in flight without a single one finishing'),
  },
  meaning:
    'The oldest request in flight to a model is older than {min_age} and than {times_limit} times the model’s limit; or requests have been in flight for {silence}, none finished, and the oldest is above the limit.',
  rules: (promql, { min_age: age, times_limit: times, silence }) => {
    const { oldestRequest, activeRequests, latencyLimit } = RECORDED;
    const finished = APP.select(promql, `${APP.requests}_total`);
    const range = promql.duration(silence);
    return [
      {
        source: 'app',
        expr: [
          '(',
          `  ${oldestRequest} > ${promql.seconds(age)}`,
          '  unless',
          `  ${oldestRequest} <= on (account, endpoint_id) group_left () (${times} * ${latencyLimit})`,
          ')',
          'or',
          '(',
          `  ${overLimit(oldestRequest, promql.seconds(DEFAULT_LIMIT_SECONDS))}`,
          `  and ${activeRequests} > 0`,
          `  and ${activeRequests} offset ${range} > 0`,
          `  and min_over_time(${activeRequests}[${range}]) > 0`,
          `  unless ${APP.sum(`increase(${finished}[${range}])`, ...APP.ownLabels)} > 0`,
          ')',
        ].join('\n'),
        summary: 'fal: requests to {{ $labels.endpoint_id }} hang (oldest {{ $value | humanizeDuration }})',
        description:
          'A request to {{ $labels.endpoint_id }} (account {{ $labels.account }}) has been in flight for {{ $value | humanizeDuration }}. Error ratio and latency cannot show it, because nothing finishes. Each one may hold a concurrency slot: cancel by request id, restart the callers that wait, move traffic to a fallback, and send the request ids to fal’s support.',
        dashboard: 'fal-queue',
      },
    ];
  },
});
