import type { Drill, Expectation } from './drill.ts';
import {
  MODELS,
  balance,
  failing,
  good,
  inFlight,
  incident,
  lastRuns,
  lock,
  slow,
  contradiction,
} from './synthetic/scene.ts';

const [A, B, C] = MODELS;

/** Windows of two and of five minutes: how long they take to show a fault, and to forget it. */
const TWO_MINUTES = 120;
const FIVE_MINUTES = 300;

/** The demo has errors and time-outs of its own, and says that it is a demo. */
const NOISE = ['FalTimeouts', 'FalDemoData'] as const;

function expected(
  alert: string,
  [holdsAfterSeconds, clearsAfterSeconds]: readonly [holds: number, clears: number],
  heldBackBy?: readonly string[],
): Expectation {
  return { alert, holdsAfterSeconds, clearsAfterSeconds, heldBackBy };
}

/**
 * Every drill. How soon an expression holds, and how soon it holds no more, was seen with the shipped rules: in
 * promtool for synthetic numbers, in a real Prometheus for the demo. `for`, `keep_firing_for` and severities are
 * not here: the rules have them.
 */
export const DRILLS: readonly Drill[] = [
  {
    name: 'outage',
    about: 'Every request to every model fails with 503: fal is down.',
    demo: {
      scenario: 'outage',
      expects: [expected('FalPlatformDown', [75, 120]), expected('FalProbeFailing', [150, 300])],
      mayAlsoFire: [...NOISE, 'FalErrorRateCritical', 'FalErrorRateHigh'],
    },
    synthetic: {
      fault: MODELS.map((model) => failing(model, 'runner_scheduling_failure')),
      healed: MODELS.map((model) => good(model)),
      expects: [
        expected('FalPlatformDown', [30, 105]),
        expected('FalErrorRateCritical', [30, 105], ['FalPlatformDown']),
      ],
      mayAlsoFire: ['FalErrorRateHigh'],
    },
  },
  {
    name: 'one-model-outage',
    about: 'One model fails most of its requests; the others are well.',
    demo: {
      scenario: 'one-model-outage',
      expects: [expected('FalProbeFailing', [30, 60]), expected('FalErrorRateCritical', [60, 120])],
      mayAlsoFire: [...NOISE, 'FalErrorRateHigh'],
    },
    synthetic: {
      fault: [failing(A, 'runner_server_error', 4), good(A, 1), good(B), good(C)],
      healed: [good(A), good(B), good(C)],
      expects: [expected('FalErrorRateCritical', [30, 105])],
      mayAlsoFire: ['FalErrorRateHigh'],
    },
  },
  {
    name: 'errors',
    about: 'One request in eight to one model fails: worth a look in the morning, nobody is woken.',
    synthetic: {
      fault: [failing(A, 'runner_disconnected', 1), good(A, 7)],
      healed: [good(A, 8)],
      expects: [expected('FalErrorRateHigh', [30, TWO_MINUTES])],
      mayAlsoFire: [],
    },
  },
  {
    name: 'slow',
    about: 'One model takes a minute and a half where its limit is one minute.',
    synthetic: {
      fault: [slow(A, { seconds: 95, queueWaitSeconds: 20 })],
      healed: [good(A)],
      expects: [expected('FalLatencyP95High', [30, TWO_MINUTES])],
      mayAlsoFire: [],
    },
  },
  {
    name: 'hang',
    about: 'Requests are sent and none ever ends: no errors, no latency, nothing but silence.',
    demo: {
      scenario: 'hang',
      expects: [expected('FalPlatformDown', [90, 120]), expected('FalProbeFailing', [195, 300])],
      mayAlsoFire: [...NOISE, 'FalTimeoutsSustained', 'FalErrorRateHigh'],
    },
    synthetic: {
      fault: inFlight(A, { ageingFrom: 1200 }, 4),
      healed: [...inFlight(A, 2, 1), good(A)],
      expects: [expected('FalRequestsStuck', [15, 15])],
      mayAlsoFire: [],
    },
  },
  {
    name: 'status-incident',
    about: 'The official status page of fal shows an open incident: a note in the chat, and no page.',
    demo: {
      scenario: 'status-page-incident',
      expects: [expected('FalStatusIncident', [45, 60])],
      mayAlsoFire: NOISE,
    },
    synthetic: {
      fault: [incident(1)],
      healed: [incident(0)],
      expects: [expected('FalStatusIncident', [15, 15])],
      mayAlsoFire: [],
    },
  },
  {
    name: 'probe-failing',
    about: 'Three of the last five runs of a probe failed: the quickest way to a low-urgency page.',
    synthetic: {
      fault: lastRuns({ ok: 2, slow: 0, failure: 3, refused: 0 }),
      healed: lastRuns({ ok: 5, slow: 0, failure: 0, refused: 0 }),
      expects: [expected('FalProbeFailing', [15, 15])],
      mayAlsoFire: [],
    },
  },
  {
    name: 'queue-stall',
    about: 'Requests wait ten minutes for a runner.',
    demo: {
      scenario: 'queue-stall',
      expects: [expected('FalProbeFailing', [210, 300])],
      mayAlsoFire: [...NOISE, 'FalTimeoutsSustained', 'FalLatencyP95High', 'FalErrorRateHigh'],
    },
    synthetic: {
      fault: [slow(A, { seconds: 605, queueWaitSeconds: 600 })],
      healed: [good(A)],
      expects: [
        expected('FalLatencyP95High', [30, TWO_MINUTES]),
        expected('FalQueueWaitHigh', [30, FIVE_MINUTES]),
      ],
      mayAlsoFire: [],
    },
  },
  {
    name: 'rate-limit-storm',
    about: 'Half of the requests are refused with 429: the account is at its concurrency limit.',
    demo: {
      scenario: 'rate-limit-storm',
      expects: [expected('FalRateLimited', [90, 330])],
      mayAlsoFire: [...NOISE],
    },
    synthetic: {
      fault: [failing(A, 'concurrent_requests_limit'), good(A)],
      healed: [good(A)],
      expects: [expected('FalRateLimited', [30, FIVE_MINUTES])],
      mayAlsoFire: [],
    },
  },
  {
    name: 'bad-input',
    about: 'fal refuses half of what the app sends, as after a bad deploy.',
    synthetic: {
      fault: [failing(A, 'validation_error'), good(A)],
      healed: [good(A)],
      expects: [expected('FalAppErrorsHigh', [30, FIVE_MINUTES])],
      mayAlsoFire: [],
    },
  },
  {
    name: 'locked-with-balance',
    about: 'fal refuses the account as locked, although there is money on it.',
    demo: {
      scenario: 'locked-with-balance',
      expects: [expected('FalAccountLocked', [30, 60]), expected('FalLockBalanceMismatch', [30, 60])],
      mayAlsoFire: [...NOISE],
    },
    synthetic: {
      fault: [lock(true), contradiction(true), ...balance(42), failing(A, 'account_locked')],
      healed: [lock(false), contradiction(false), ...balance(42), good(A)],
      expects: [expected('FalAccountLocked', [15, 30]), expected('FalLockBalanceMismatch', [15, 15])],
      mayAlsoFire: [],
    },
  },
  {
    name: 'key-revoked',
    about: 'fal rejects the key of the app: everything is answered with 401.',
    demo: {
      scenario: 'key-revoked',
      expects: [expected('FalCredentialRejected', [315, 60])],
      mayAlsoFire: [...NOISE],
    },
    synthetic: {
      fault: MODELS.map((model) => failing(model, 'unauthorized')),
      healed: MODELS.map((model) => good(model)),
      expects: [expected('FalCredentialRejected', [30, 30])],
      mayAlsoFire: [],
    },
  },
  {
    name: 'low-balance',
    about: 'Three dollars are left.',
    demo: {
      scenario: 'low-balance',
      expects: [expected('FalBalanceCritical', [30, 45]), expected('FalBalanceLow', [30, 45])],
      mayAlsoFire: [...NOISE, 'FalAccountLocked'],
    },
    synthetic: {
      fault: balance(3),
      healed: balance(120),
      expects: [expected('FalBalanceCritical', [15, 15]), expected('FalBalanceLow', [15, 15])],
      mayAlsoFire: [],
    },
  },
];
