import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, key, traffic } from '../series.ts';
import { expected, minutes } from './expected.ts';

const alert = 'FalAppErrorsHigh';

const HEALTHY: TrafficPhase = { minutes: 20, perMinute: { ok: 40 } };
const REFUSED: TrafficPhase = { minutes: 10, perMinute: { ok: 20, validation_error: 20 } };
const ERRORS = key('fal_client_errors_total', {}, { error_type: 'validation_error', fault: 'app' });
const ENDED_BADLY = key('fal_client_requests_total', {}, { outcome: 'error' });

function firing(share: string): Firing {
  return expected({
    severity: 'warning',
    source: 'app',
    dashboard: 'fal-endpoint',
    summary: `your app: ${share} of its requests to fal-ai/flux/dev are refused for their input`,
    description: `fal refuses ${share} of what your app sends to fal-ai/flux/dev (account default), content policy not counted, and yesterday it did not. That is not an outage of fal: look at your last deploy first, then at the schema of the model. The error types say what is wrong with the input.`,
  });
}

const deploys: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'half of what the app sends is refused since a deploy',
    fault: 'a deploy of the app: half of its requests are refused',
    series: traffic([HEALTHY, REFUSED]),
    faultAt: minutes(20),
    firesAfter: 465,
    firing: [firing('50%')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'when a quarter of the last five minutes at most was refused',
    fault: 'a deploy of the app: half of its requests are refused',
    series: traffic([HEALTHY, REFUSED, HEALTHY]),
    firingAt: minutes(30),
    healedAt: minutes(30),
    resolvesAfter: 150,
  },
  {
    alert,
    kind: 'fires',
    name: 'more than twice the usual share',
    series: traffic([
      { minutes: 20, perMinute: { ok: 80, image_too_large: 20 } },
      { minutes: 10, perMinute: { ok: 50, image_too_large: 50 } },
    ]),
    faultAt: minutes(20),
    firesAfter: 510,
    firing: [firing('50%')],
  },
  {
    alert,
    step: 60,
    kind: 'resolves',
    name: 'not by itself: an app that was never refused before keeps firing while the deploy is bad',
    series: {
      ...traffic(
        [
          { minutes: 300, perMinute: { ok: 40 } },
          { minutes: 60, perMinute: { ok: 20 } },
          { minutes: 30, perMinute: { ok: 40 } },
        ],
        { step: 60 },
      ),
      // A counter of this type appears with the first refusal.
      [ENDED_BADLY]: '_x301 20+20x59 1200+0x29',
      [ERRORS]: '_x301 20+20x59 1200+0x29',
    },
    firingAt: minutes(330),
    healedAt: minutes(360),
    resolvesAfter: minutes(3),
  },
];

const silent: readonly RuleCase[] = [
  {
    alert,
    kind: 'silent below',
    name: 'just under a quarter is refused',
    series: traffic([HEALTHY, { minutes: 15, perMinute: { ok: 76, validation_error: 24 } }]),
    until: minutes(35),
  },
  {
    alert,
    step: 120,
    kind: 'silent below',
    name: 'a third is refused today, and a fifth was yesterday',
    series: traffic(
      [
        { minutes: 24 * 60, perMinute: { ok: 80, validation_error: 20 } },
        { minutes: 120, perMinute: { ok: 67, validation_error: 33 } },
      ],
      { step: 120 },
    ),
    until: minutes(26 * 60),
  },
  {
    alert,
    kind: 'silent without enough traffic',
    name: 'nine refusals in five minutes',
    series: traffic([HEALTHY, { minutes: 15, perMinute: { ok: 0, validation_error: 1.8 } }]),
    until: minutes(35),
  },
  {
    alert,
    kind: 'silent on ordinary noise',
    name: 'a single 422',
    series: traffic([
      { minutes: 20, perMinute: { ok: 1, 422: 0 } },
      { minutes: 1, perMinute: { 422: 1 } },
      { minutes: 14, perMinute: { ok: 1 } },
    ]),
    until: minutes(35),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'the content policy refuses most prompts, which no deploy mends',
    series: traffic([
      HEALTHY,
      { minutes: 15, perMinute: { ok: 10, content_policy_violation: 30, validation_error: 1 } },
    ]),
    until: minutes(35),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'fal fails, or the account is locked',
    series: traffic([
      HEALTHY,
      { minutes: 15, perMinute: { internal_error: 20, account_locked: 20, validation_error: 1 } },
    ]),
    until: minutes(35),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'the restart with which the bad deploy came, and another one',
    series: traffic([HEALTHY, { ...REFUSED, restart: true }, { ...REFUSED, minutes: 5, restart: true }]),
    until: minutes(35),
    firesBetween: [minutes(20) + 465, minutes(35)],
  },
];

export const APP_ERRORS_CASES: readonly RuleCase[] = [...deploys, ...silent];
