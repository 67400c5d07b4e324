import { together } from '../exporter-series.ts';
import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, traffic } from '../series.ts';

const alert = 'FalCredentialRejected';

const BY_APP = 'key of the app revoked';
const BY_PROBE = 'key of the exporter revoked, one probe run a minute';

const seenByApp: Firing = {
  labels: { severity: 'critical', scope: 'account', source: 'app', job: 'shop', account: 'default' },
  summary: 'fal rejects the key of your app (account default)',
  description:
    'fal answers the requests of the account default with 401, and nothing succeeds: the key was rotated, revoked or mistyped. Models and platform are not the cause. Put a valid key in place (fal.ai/dashboard/keys) and restart what reads it only once.',
  dashboardUrl: 'http://localhost:3000/d/fal-overview?var-account=default',
};

const seenByProbe: Firing = {
  labels: {
    severity: 'critical',
    scope: 'account',
    source: 'probe',
    job: 'fal-exporter',
    account: 'default',
  },
  summary: 'fal rejects the key of the exporter (account default)',
  description:
    'fal answers the probe runs of the account default with 401, and nothing succeeds: the key was rotated, revoked or mistyped. Models and platform are not the cause. Put a valid key in place (fal.ai/dashboard/keys); the exporter rereads FAL_KEY_FILE by itself.',
  dashboardUrl: 'http://localhost:3000/d/fal-overview?var-account=default',
};

/** Works, is revoked, and works with a new key. */
const REVOKED: readonly TrafficPhase[] = [
  { minutes: 10, perMinute: { ok: 4, unauthorized: 0 } },
  { minutes: 20, perMinute: { unauthorized: 4 } },
  { minutes: 20, perMinute: { ok: 4 } },
];

export const CREDENTIAL_REJECTED: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'two minutes after two without a success, once for two models' },
    fault: BY_APP,
    series: together(traffic(REVOKED), traffic(REVOKED, { labels: { endpoint_id: 'fal-ai/m2' } })),
    faultAt: 600,
    firesAfter: 240,
    firing: [seenByApp],
  },
  {
    ...{
      alert,
      kind: 'fires',
      name: 'the probe of the hosts is rejected as well, for it asks with the same key',
    },
    fault: BY_PROBE,
    series: together(
      traffic(REVOKED, { source: 'probe' }),
      traffic(REVOKED, { source: 'probe', labels: { probe: 'hosts', endpoint_id: '' } }),
    ),
    faultAt: 600,
    firesAfter: 420,
    firing: [seenByProbe],
  },
  {
    ...{ alert, kind: 'fires', name: 'an exporter whose key never worked' },
    series: traffic([{ minutes: 20, perMinute: { ok: 0, unauthorized: 4 } }], { source: 'probe' }),
    faultAt: 0,
    firesAfter: 135,
    firing: [seenByProbe],
  },
  {
    ...{ alert, kind: 'fires', name: 'a single 401 in five minutes, when there is nothing else' },
    series: traffic([
      { minutes: 10, perMinute: { unauthorized: 0 } },
      { minutes: 0.25, perMinute: { unauthorized: 4 } },
      { minutes: 20, perMinute: { unauthorized: 0 } },
    ]),
    faultAt: 600,
    firesAfter: 135,
    firing: [seenByApp],
  },
  {
    ...{ alert, kind: 'silent below', name: 'a key that is rejected for less than four minutes' },
    series: traffic([
      { minutes: 10, perMinute: { ok: 4, unauthorized: 0 } },
      { minutes: 3.75, perMinute: { unauthorized: 4 } },
      { minutes: 20, perMinute: { ok: 4 } },
    ]),
    until: 2100,
  },
  {
    ...{ alert, kind: 'silent on ordinary noise', name: 'a single 401 among successes' },
    series: traffic([
      { minutes: 10, perMinute: { ok: 1, unauthorized: 0 } },
      { minutes: 0.25, perMinute: { ok: 1, unauthorized: 4 } },
      { minutes: 20, perMinute: { ok: 1, unauthorized: 0 } },
    ]),
    until: 1800,
  },
  {
    ...{
      alert,
      kind: 'silent without enough traffic',
      name: 'nothing succeeds, and nothing is rejected either',
    },
    series: traffic([
      { minutes: 10, perMinute: { ok: 4, unauthorized: 0 } },
      { minutes: 20, perMinute: { unauthorized: 0 } },
    ]),
    until: 1800,
  },
  ...(['app', 'probe'] as const).map((source): RuleCase => ({
    ...{ alert, kind: 'silent otherwise', name: `nothing succeeds, for another reason (${source})` },
    series: traffic(
      [
        { minutes: 10, perMinute: { ok: 4, unauthorized: 0 } },
        { minutes: 20, perMinute: { internal_error: 4 } },
      ],
      { source },
    ),
    until: 1800,
  })),
  {
    ...{ alert, kind: 'resolves', name: 'five minutes after the first success with a new key' },
    fault: BY_APP,
    series: traffic(REVOKED),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 315,
  },
  {
    ...{ alert, kind: 'resolves', name: 'five minutes after the first probe run with a new key' },
    fault: BY_PROBE,
    series: traffic(REVOKED, { source: 'probe' }),
    firingAt: 1800,
    healedAt: 1800,
    resolvesAfter: 315,
  },
  ...(['app', 'probe'] as const).map((source): RuleCase => ({
    ...{ alert, kind: 'resolves', name: `ten minutes after the last 401, when nothing is asked (${source})` },
    series: traffic(
      [
        { minutes: 10, perMinute: { unauthorized: 4, ok: 0 } },
        { minutes: 20, perMinute: { ok: 0 } },
      ],
      { source },
    ),
    firingAt: 600,
    healedAt: 600,
    resolvesAfter: 600,
  })),
  {
    ...{ alert, kind: 'survives a counter reset', name: 'the app restarts with the same bad key' },
    series: traffic([
      { minutes: 10, perMinute: { ok: 4, unauthorized: 0 } },
      { minutes: 10, perMinute: { unauthorized: 4 } },
      { minutes: 10, perMinute: { unauthorized: 4 }, restart: true },
    ]),
    until: 1800,
    firesBetween: [840, 1800],
  },
  {
    ...{
      alert,
      kind: 'survives a counter reset',
      name: 'the app restarts with a good key, long after a bad one',
    },
    series: traffic([
      { minutes: 5, perMinute: { ok: 60, unauthorized: 12 } },
      { minutes: 15, perMinute: { ok: 60, unauthorized: 0 } },
      { minutes: 10, perMinute: { ok: 60, unauthorized: 0 }, restart: true },
    ]),
    until: 1800,
  },
];
