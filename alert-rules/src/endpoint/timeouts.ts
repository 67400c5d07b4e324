import { alert } from '../alert.ts';
import { count, ratio } from '../parameter.ts';
import { RECORDED, SOURCES } from '../sources.ts';

export const timeouts = alert({
  name: 'FalTimeouts',
  scope: 'endpoint',
  severity: 'info',
  forSeconds: 0,
  keepFiringForSeconds: 900,
  parameters: {
    min_timeouts: count(1, 'timeouts in 15 minutes'),
  },
  meaning: 'A model had a timeout of any class in the last fifteen minutes.',
  rules: (_, { min_timeouts: least }) =>
    SOURCES.map((source) => ({
      source: source.source,
      // Slack of a tenth: increase() extrapolates, and a single timeout may come out a little under 1.
      expr: `${RECORDED.timeouts(source, '15m')} > ${least - 0.1}`,
      summary: 'fal: {{ $labels.endpoint_id }} timed out',
      description: `About {{ $value | humanize }} of the ${source.noun} to {{ $labels.endpoint_id }} (account {{ $labels.account }}) timed out in the last fifteen minutes. Find out which class: fal’s own (request_timeout, startup_timeout, runner_connection_timeout, generation_timeout) or the caller’s (client_timeout). A caller’s timeout does not stop the job: it may finish, and be billed.`,
      dashboard: 'fal-endpoint' as const,
    })),
});

export const timeoutsSustained = alert({
  name: 'FalTimeoutsSustained',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 300,
  parameters: {
    min_timeouts: count(5, 'timeouts in 15 minutes'),
    threshold: ratio(0.02, 'timeouts ÷ finished requests'),
  },
  meaning:
    'A model had at least {min_timeouts} timeouts in fifteen minutes, and they were more than {threshold} of its requests.',
  rules: (_, { min_timeouts: least, threshold }) =>
    SOURCES.map((source) => ({
      source: source.source,
      expr: [
        `${RECORDED.timeouts(source, '15m')} > ${least - 0.1}`,
        `and ${RECORDED.timeouts(source, '15m')} / (${RECORDED.requests(source, '15m')} > 0) > ${threshold}`,
      ].join('\n'),
      summary: 'fal: {{ $labels.endpoint_id }} keeps timing out',
      description: `About {{ $value | humanize }} of the ${source.noun} to {{ $labels.endpoint_id }} (account {{ $labels.account }}) timed out in fifteen minutes, and it goes on. Callers wait for nothing: move the model’s traffic to a fallback, or raise a deadline that is below its usual P99. Cancel what you gave up on, or it may finish and be billed.`,
      dashboard: 'fal-endpoint' as const,
    })),
});
