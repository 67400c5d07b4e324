import type { Scenario } from './scenario.ts';

/** Scenarios of the models and their runners. */
export const MODEL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'one-model-outage',
    description: 'One model fails every request with 500 runner_server_error; the others are well.',
    concernsOneModel: true,
    changes: [{ kind: 'fail', rule: { errorType: 'runner_server_error' } }],
  },
  {
    name: 'flaky',
    description: 'One attempt in five fails with 500 internal_server_error.',
    changes: [{ kind: 'fail', rule: { errorType: 'internal_server_error', rate: 0.2 } }],
  },
  {
    name: 'slow-inference',
    description: 'Models take five times as long; the queue is as short as ever.',
    changes: [{ kind: 'slow', factor: 5 }],
  },
  {
    name: 'slow-cold-start',
    description: 'Every request meets a cold start of about 45 s, seen as IN_QUEUE at position 0.',
    changes: [
      { kind: 'endpoint', set: { coldStart: { medianMs: 45_000, sigma: 0.15 }, idleTimeoutMs: 0 } },
      { kind: 'stop-idle-runners' },
    ],
  },
  {
    name: 'queue-stall',
    description: 'The queue stands still: 25 requests ahead, and the position never moves.',
    changes: [
      { kind: 'aim', at: 'queueStalled' },
      { kind: 'endpoint', set: { foreignQueue: 25 } },
    ],
  },
  {
    name: 'long-queue',
    description: 'A hundred requests of others are ahead; the position counts down.',
    changes: [{ kind: 'endpoint', set: { foreignQueue: 100, foreignServiceMs: 400 } }],
  },
  {
    name: 'stuck-in-progress',
    description: 'Jobs that start never end, hold their slot, and take no notice of a cancel.',
    changes: [{ kind: 'aim', at: 'stuckInProgress' }],
  },
  {
    name: 'stuck-after-revocation',
    description:
      'The API keys are revoked and the jobs they started never end: 401 for the caller, slots taken.',
    changes: [
      { kind: 'aim', at: 'stuckInProgress' },
      { kind: 'key', scope: 'API', set: { revoked: true } },
    ],
  },
  {
    name: 'platform-retries',
    description:
      'Each queued job loses its runner twice and succeeds at the third attempt; direct calls get the 503.',
    changes: [{ kind: 'fail', rule: { errorType: 'runner_disconnected', attemptsPerJob: 2 } }],
  },
  {
    name: 'fallback-served',
    description:
      'One model loses its runner at each attempt; after five retries another model serves its queued jobs.',
    concernsOneModel: true,
    changes: [{ kind: 'fallback' }, { kind: 'fail', rule: { errorType: 'runner_disconnected' } }],
  },
  {
    name: 'runner-disconnected',
    description: 'Every request ends with 503 runner_disconnected, and the platform does not try again.',
    changes: [{ kind: 'fail', rule: { errorType: 'runner_disconnected', final: true } }],
  },
  {
    name: 'no-runners',
    description:
      'No runner can be scheduled: 503 runner_scheduling_failure after ten attempts of the platform.',
    changes: [{ kind: 'fail', rule: { errorType: 'runner_scheduling_failure' } }],
  },
  {
    name: 'startup-timeout',
    description: 'No runner starts within 20 s: 504 startup_timeout.',
    changes: [
      { kind: 'endpoint', set: { startupTimeoutMs: 20_000 } },
      { kind: 'fail', rule: { errorType: 'startup_timeout', final: true } },
    ],
  },
  {
    name: 'generation-timeout',
    description: "Every run hits the model's own limit after 20 s: 504 generation_timeout.",
    changes: [
      { kind: 'endpoint', set: { processingLimitMs: 20_000 } },
      { kind: 'fail', rule: { errorType: 'generation_timeout', final: true } },
    ],
  },
  {
    name: 'request-timeout',
    description: "Every run hits the app's processing limit after 20 s: 504 request_timeout.",
    changes: [
      { kind: 'endpoint', set: { processingLimitMs: 20_000 } },
      { kind: 'fail', rule: { errorType: 'request_timeout', final: true } },
    ],
  },
  {
    name: 'content-policy',
    description: 'Every input is flagged: 422 content_policy_violation.',
    changes: [{ kind: 'fail', rule: { errorType: 'content_policy_violation' } }],
  },
  {
    name: 'no-media-generated',
    description: 'Runs finish without output: 422 no_media_generated, and they are billed.',
    changes: [{ kind: 'fail', rule: { errorType: 'no_media_generated' } }],
  },
  {
    name: 'downstream-unavailable',
    description: "A partner's service is down: 500 downstream_service_unavailable.",
    changes: [{ kind: 'fail', rule: { errorType: 'downstream_service_unavailable' } }],
  },
  {
    name: 'missing-units',
    description: 'Answers carry no x-fal-billable-units; billing goes on.',
    changes: [{ kind: 'switches', set: { unitsHeader: 'missing' } }],
  },
  {
    name: 'absurd-units',
    description: 'x-fal-billable-units says 999999999999999999; billing is right.',
    changes: [{ kind: 'switches', set: { unitsHeader: 'huge' } }],
  },
  {
    name: 'non-numeric-units',
    description: 'x-fal-billable-units is a word; billing is right.',
    changes: [{ kind: 'switches', set: { unitsHeader: 'not-a-number' } }],
  },
  {
    name: 'missing-metrics',
    description: 'COMPLETED statuses have no metrics.',
    changes: [{ kind: 'switches', set: { statusMetrics: 'missing' } }],
  },
  {
    name: 'null-inference-time',
    description: 'COMPLETED statuses say inference_time null.',
    changes: [{ kind: 'switches', set: { statusMetrics: 'null-inference-time' } }],
  },
  {
    name: 'skipped-states',
    description: 'Jobs take 0.2 s and the first status answer already says COMPLETED.',
    changes: [
      { kind: 'switches', set: { statusSkipsStates: true } },
      { kind: 'endpoint', set: { inference: { medianMs: 200, sigma: 0 }, foreignQueue: 0 } },
    ],
  },
];
