import type { Scenario } from './scenario.ts';

const HOUR_MS = 3_600_000;

/** Scenarios of the Platform API and the status page. */
export const PLATFORM_SCENARIOS: readonly Scenario[] = [
  {
    name: 'billing-events-500',
    description: 'Billing events answer 500 server_error; the rest of the Platform API works.',
    changes: [{ kind: 'switches', set: { billingEventsFail: true } }],
  },
  {
    name: 'platform-rate-limited',
    description: 'The Platform API answers 429 rate_limited with x-ratelimit-reset.',
    changes: [{ kind: 'switches', set: { platformRateLimited: true } }],
  },
  {
    name: 'platform-hang',
    description: 'The Platform API never answers; models work.',
    changes: [{ kind: 'wire', rule: { fault: 'hang', hosts: ['api.fal.ai'] } }],
  },
  {
    name: 'analytics-stale',
    description: 'Analytics and request history stop at this moment; inference goes on.',
    changes: [{ kind: 'freeze-analytics' }],
  },
  {
    name: 'late-billing',
    description: 'Finished jobs show in usage and billing only an hour later.',
    changes: [{ kind: 'switches', set: { indexingLagMs: HOUR_MS } }],
  },
  {
    name: 'serverless-metrics-huge',
    description: "The metrics of the account's own apps are more than 8 MiB long.",
    changes: [{ kind: 'switches', set: { serverlessMetrics: 'huge' } }],
  },
  {
    name: 'serverless-metrics-garbage',
    description: "The metrics of the account's own apps are a web page, called text/plain.",
    changes: [{ kind: 'switches', set: { serverlessMetrics: 'garbage' } }],
  },
  {
    name: 'status-page-incident',
    description: 'The status page shows an open incident.',
    changes: [{ kind: 'switches', set: { statusPage: 'incident' } }],
  },
  {
    name: 'status-page-html',
    description: 'The status page answers with an HTML error page where JSON was asked for.',
    changes: [{ kind: 'switches', set: { statusPage: 'html-error' } }],
  },
];
