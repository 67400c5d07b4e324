import type { RuleCase } from '../rule-case.ts';
import { type TrafficPhase, key, traffic } from '../series.ts';
import { minutes } from './expected.ts';

const alert = 'FalErrorRateHigh';

const HEALTHY: TrafficPhase = { minutes: 10, perMinute: { ok: 400 } };
const OUTAGE: TrafficPhase = { minutes: 10, perMinute: { internal_error: 400 } };

/** What must not wake anybody. */
export const ERROR_RATE_SILENT_CASES: readonly RuleCase[] = [
  {
    alert,
    kind: 'silent below',
    name: 'one request in twenty-one fails',
    series: traffic([HEALTHY, { minutes: 20, perMinute: { ok: 400, internal_error: 20 } }]),
    until: minutes(30),
  },
  {
    alert,
    kind: 'silent below',
    name: 'three minutes of outage are over before it may fire',
    series: traffic([HEALTHY, { ...OUTAGE, minutes: 3 }, HEALTHY]),
    until: minutes(23),
  },
  {
    alert,
    kind: 'silent without enough traffic',
    name: 'nineteen requests in five minutes, all of which fail',
    series: traffic([{ minutes: 25, perMinute: { internal_error: 3.8 } }]),
    until: minutes(25),
  },
  {
    alert,
    kind: 'silent without enough traffic',
    name: 'a failure every two minutes, which is two or three in five: no trend, whatever the share',
    series: {
      ...traffic([{ minutes: 25, perMinute: { ok: 4 } }]),
      [key('fal_client_errors_total', {}, { error_type: '500', fault: 'platform' })]:
        '0+0x40 1+0x7 2+0x7 3+0x7 4+0x7 5+0x7 6+0x7 7+0x7',
    },
    until: minutes(24),
  },
  {
    alert,
    kind: 'silent on ordinary noise',
    name: 'a blip of one minute in which everything fails',
    series: traffic([HEALTHY, { ...OUTAGE, minutes: 1 }, HEALTHY]),
    until: minutes(21),
  },
  {
    alert,
    kind: 'silent on ordinary noise',
    name: 'one time-out, one 422, one cancelled request',
    series: traffic([
      { minutes: 10, perMinute: { ok: 40 } },
      { minutes: 1, perMinute: { ok: 40, client_timeout: 1 } },
      { minutes: 5, perMinute: { ok: 40 } },
      { minutes: 1, perMinute: { ok: 40, validation_error: 1, aborted: 1 } },
      { minutes: 10, perMinute: { ok: 40 } },
    ]),
    until: minutes(27),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'what the app sends wrong and what the account is refused never counts',
    series: traffic([
      HEALTHY,
      {
        minutes: 10,
        perMinute: {
          validation_error: 100,
          content_policy_violation: 50,
          start_deadline_exceeded: 50,
          account_locked: 100,
          concurrent_requests_limit: 50,
          unauthorized: 50,
        },
      },
    ]),
    until: minutes(20),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'callers who cancel everything',
    series: traffic([HEALTHY, { minutes: 10, perMinute: { aborted: 400, client_cancelled: 100 } }]),
    until: minutes(20),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'no traffic since the failures: nothing is no ratio',
    series: traffic([HEALTHY, { ...OUTAGE, minutes: 3 }, { minutes: 10, perMinute: {} }]),
    until: minutes(23),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'a model that nobody ever asked',
    series: traffic([{ minutes: 10, perMinute: { ok: 0, internal_error: 0 } }]),
    until: minutes(10),
  },
  {
    alert,
    kind: 'silent otherwise',
    name: 'failures of probes and traffic of the app never meet in one ratio',
    series: {
      ...traffic([{ minutes: 15, perMinute: { ok: 40 } }]),
      // Too few to be judged by themselves, and many if they were held against no traffic of their own.
      ...traffic([{ minutes: 15, perMinute: { internal_error: 3 } }], { source: 'probe' }),
    },
    until: minutes(15),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'a restart of a healthy app with a history of failures',
    series: {
      [key('fal_client_requests_total', {}, { outcome: 'ok' })]: '90000+100x40 100+100x40',
      [key('fal_client_errors_total', {}, { error_type: '500', fault: 'platform' })]: '50000+1x40 1+1x40',
    },
    until: minutes(20),
  },
  {
    alert,
    kind: 'survives a counter reset',
    name: 'a restart in the middle of an outage does not end the alert',
    series: traffic([HEALTHY, OUTAGE, { ...OUTAGE, restart: true }]),
    until: minutes(30),
    firesBetween: [minutes(10) + 315, minutes(30)],
  },
];
