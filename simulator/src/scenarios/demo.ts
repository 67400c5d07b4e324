import type { Scenario } from './scenario.ts';

const SECOND = 1000;
const ROUND_MS = 300 * SECOND;

/**
 * A fal that is alive: about one request in forty fails, and every five minutes bring a cold start, a queue that
 * builds up, and a spell in which one model is slow. The first of them is seen within a minute.
 */
export const DEMO: Scenario = {
  name: 'demo',
  description:
    'A lively day: 2-3 % of errors of several kinds, and every five minutes a cold start, a queue and a slow spell.',
  changes: [
    { kind: 'switches', set: { latency: { medianMs: 45, sigma: 0.4 } } },
    { kind: 'fail', rule: { errorType: 'internal_server_error', rate: 0.008 } },
    { kind: 'fail', rule: { errorType: 'content_policy_violation', rate: 0.006 } },
    { kind: 'fail', rule: { errorType: 'runner_disconnected', rate: 0.006 } },
    { kind: 'fail', rule: { errorType: 'downstream_service_unavailable', rate: 0.004 } },
    { kind: 'fail', rule: { errorType: 'no_media_generated', rate: 0.003 } },
    {
      kind: 'wire',
      rule: { fault: 'ingress-html-502', hosts: ['fal.run', 'queue.fal.run'], rate: 0.002 },
    },
  ],
  programme: {
    roundMs: ROUND_MS,
    phases: [
      { fromMs: 0, toMs: 15 * SECOND, changes: [{ kind: 'stop-idle-runners', nth: 1 }] },
      {
        fromMs: 25 * SECOND,
        toMs: 85 * SECOND,
        changes: [
          { kind: 'slow', factor: 4, nth: 0 },
          { kind: 'endpoint', nth: 0, set: { foreignQueue: 6 } },
        ],
      },
      {
        fromMs: 110 * SECOND,
        toMs: 170 * SECOND,
        changes: [{ kind: 'endpoint', nth: 2, set: { foreignQueue: 14 } }],
      },
      {
        fromMs: 200 * SECOND,
        toMs: 215 * SECOND,
        changes: [
          { kind: 'stop-idle-runners', nth: 0 },
          { kind: 'fail', rule: { errorType: 'runner_disconnected', rate: 0.15, attemptsPerJob: 1 } },
        ],
      },
    ],
  },
};
