import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PostedAlert } from './alertmanager-api.ts';
import { alertOf, startPaging, type Paging } from './paging.ts';
import { waitUntil } from './wait-until.ts';

const ACCOUNT_WIDE = { scope: 'account', endpoint_id: '', source: '' };
const warning = (change = {}): PostedAlert => alertOf('FalErrorRateHigh', { severity: 'warning', ...change });

interface Case {
  readonly about: string;
  readonly cause: PostedAlert;
  readonly silenced: readonly PostedAlert[];
  readonly heard: readonly PostedAlert[];
}

/** Each case has an account of its own, `home`, put in where it says so. */
const CASES: readonly Case[] = [
  {
    about: 'fal being down explains every endpoint of its account, and nothing else',
    cause: alertOf('FalPlatformDown', { scope: 'platform', endpoint_id: '', source: '', account: 'home' }),
    silenced: [
      alertOf('FalErrorRateCritical', { account: 'home' }),
      warning({ account: 'home' }),
      alertOf('FalProbeFailing', { account: 'home', scope: 'platform', severity: 'warning' }),
      alertOf('FalProbeSlow', { account: 'home', scope: 'platform', severity: 'warning' }),
    ],
    heard: [
      alertOf('FalErrorRateCritical', { account: 'other' }),
      alertOf('FalErrorRateCritical', { account: '' }),
      alertOf('FalExporterDown', { account: 'home', scope: 'meta', endpoint_id: '' }),
      alertOf('FalBalanceCritical', { account: 'home', ...ACCOUNT_WIDE }),
      alertOf('FalProbeMissing', { account: 'home', scope: 'platform', endpoint_id: '' }),
      alertOf('CheckoutFails', { account: 'home' }),
    ],
  },
  ...['FalAccountLocked', 'FalCredentialRejected'].map((cause) => ({
    about: `${cause} explains every endpoint of its account, and nothing else`,
    cause: alertOf(cause, { account: 'home', ...ACCOUNT_WIDE, source: 'app' }),
    silenced: [alertOf('FalErrorRateCritical', { account: 'home' }), warning({ account: 'home' })],
    heard: [
      alertOf('FalRequestsStuck', { account: 'other' }),
      alertOf('FalAlertDeliveryFailing', { account: 'home', scope: 'meta', endpoint_id: '' }),
      alertOf('FalPlatformDown', { account: 'home', scope: 'platform', endpoint_id: '' }),
    ],
  })),
  {
    about: 'a rejected key of the exporter says nothing about an app whose own key works',
    cause: alertOf('FalCredentialRejected', { account: 'home', ...ACCOUNT_WIDE, source: 'probe' }),
    silenced: [],
    heard: [alertOf('FalErrorRateCritical', { account: 'home' })],
  },
  {
    about: 'the last runs of probes that a lock holds back are no news',
    cause: alertOf('FalAccountLocked', { account: 'home', ...ACCOUNT_WIDE }),
    silenced: [alertOf('FalProbeFailing', { account: 'home', scope: 'platform', severity: 'warning' })],
    heard: [alertOf('FalProbeFailing', { account: 'other', scope: 'platform', severity: 'warning' })],
  },
  {
    about: 'two missing accounts are not the same account',
    cause: alertOf('FalAccountLocked', { ...ACCOUNT_WIDE, account: '' }),
    silenced: [],
    heard: [alertOf('FalErrorRateCritical', { account: '' })],
  },
  {
    about: 'an endpoint that pages does not warn as well, others do',
    cause: alertOf('FalErrorRateCritical', { account: 'home' }),
    silenced: [
      warning({ account: 'home' }),
      warning({ account: 'home', source: 'probe' }),
      alertOf('FalProbeFailing', { account: 'home', scope: 'platform', severity: 'warning' }),
    ],
    heard: [
      warning({ account: 'home', endpoint_id: 'fal-ai/veo3' }),
      warning({ account: 'other' }),
      alertOf('FalRequestsStuck', { account: 'home' }),
      alertOf('FalBalanceLow', { account: 'home', ...ACCOUNT_WIDE, severity: 'warning' }),
    ],
  },
  ...[
    ['FalBalanceCritical', 'FalBalanceLow'],
    ['FalBalanceRunwayCritical', 'FalBalanceRunwayShort'],
  ].map(([cause = '', lesser = '']) => ({
    about: `${cause} makes ${lesser} of the same account superfluous`,
    cause: alertOf(cause, { account: 'home', ...ACCOUNT_WIDE }),
    silenced: [alertOf(lesser, { account: 'home', ...ACCOUNT_WIDE, severity: 'warning' })],
    heard: [
      alertOf(lesser, { account: 'other', ...ACCOUNT_WIDE, severity: 'warning' }),
      alertOf('FalErrorRateCritical', { account: 'home' }),
    ],
  })),
  {
    about: 'two missing endpoints are not the same endpoint',
    cause: alertOf('FalErrorRateCritical', { account: 'home', endpoint_id: '' }),
    silenced: [],
    heard: [warning({ account: 'home', endpoint_id: '' })],
  },
  {
    about: 'a critical alert of an account explains no warning of an endpoint',
    cause: alertOf('FalBalanceCritical', { account: 'home', ...ACCOUNT_WIDE }),
    silenced: [],
    heard: [warning({ account: 'home' })],
  },
];

/** As a story has to wait until nothing more comes, all cases wait together, each in an Alertmanager of its own. */
let settled: readonly { readonly classes: readonly string[]; readonly states: readonly string[] }[];

beforeAll(async () => {
  settled = await Promise.all(CASES.map(outcomeOf));
});

const running: Paging[] = [];
afterAll(() => Promise.all(running.map((paging) => paging.stop())));

const nameOf = ({ labels }: PostedAlert): string => JSON.stringify(Object.entries(labels).sort());

async function outcomeOf({ cause, silenced, heard }: Case): Promise<{ classes: string[]; states: string[] }> {
  const paging = await startPaging();
  running.push(paging);
  await paging.fire(cause);
  await paging.incidents(1);
  await paging.fire(...silenced, ...heard);
  await paging.incidents(1 + heard.length);
  // A warning is looked at again after a group_interval, a second here. By then a silenced one would have come.
  const last = alertOf('FalLowTrafficSlow', { severity: 'warning', account: 'last' });
  await paging.fire(last);
  await paging.incidents(2 + heard.length);
  await paging.resolve(last);
  const incidents = await paging.resolved(1);
  const known = await waitUntil(
    'Alertmanager knows all of them',
    async () => {
      const alerts = await paging.alertmanager.alerts();
      return alerts.length > silenced.length + heard.length ? alerts : undefined;
    },
    { withinMs: 10_000 },
  );
  const suppressed = known.filter(({ status }) => status.inhibitedBy.length > 0);
  return {
    classes: incidents.map(({ payload }) => payload.class ?? '').sort(),
    states: suppressed.map(nameOf).sort(),
  };
}

test.each(CASES.map((each, index) => [each.about, each, index] as const))(
  '%s',
  (_, { cause, silenced, heard }, index) => {
    expect(settled[index]?.states).toEqual(silenced.map(nameOf).sort());
    const paged = [cause, ...heard].map(({ labels }) => labels.alertname);
    expect(settled[index]?.classes).toEqual([...paged, 'FalLowTrafficSlow'].sort());
  },
);
