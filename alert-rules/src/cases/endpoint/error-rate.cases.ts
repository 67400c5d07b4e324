import type { Source } from '../../alert.ts';
import type { Firing, RuleCase } from '../rule-case.ts';
import { type TrafficPhase, byTwoInstances, key, traffic } from '../series.ts';
import { expected, minutes } from './expected.ts';

const alert = 'FalErrorRateHigh';

const HEALTHY: TrafficPhase = { minutes: 10, perMinute: { ok: 400 } };
const OUTAGE: TrafficPhase = { minutes: 10, perMinute: { internal_error: 400 } };

function firing(
  share: string,
  source: Source = 'app',
  labels: Readonly<Record<string, string>> = {},
): Firing {
  const model = labels.endpoint_id ?? 'fal-ai/flux/dev';
  const noun = { app: 'requests', probe: 'probe runs' }[source];
  return expected({
    severity: 'warning',
    source,
    dashboard: 'fal-endpoint',
    summary: `fal: ${model} failing (${share} of ${noun})`,
    description: `${share} of the ${noun} to ${model} (account ${labels.account ?? 'default'}) failed over two minutes, errors of your own input and account not counted. One model only: move its traffic to a fallback. Several: look for FalPlatformDown. Stop batch jobs: retries cost slots and money.`,
    labels,
  });
}

const detected: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'every request of a model fails',
    fault: 'every request to a model fails (100 %)',
    series: traffic([HEALTHY, OUTAGE]),
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('100%')],
  },
  {
    alert,
    kind: 'resolves',
    name: 'two minutes after the last failure',
    fault: 'every request to a model fails (100 %)',
    series: traffic([HEALTHY, OUTAGE, HEALTHY]),
    firingAt: minutes(20),
    healedAt: minutes(20),
    resolvesAfter: 120,
  },
  {
    alert,
    kind: 'fires',
    name: 'half of the requests fail',
    fault: 'half of the requests to a model fail (50 %)',
    series: traffic([HEALTHY, { minutes: 10, perMinute: { ok: 200, runner_disconnected: 200 } }]),
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('50%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'three in ten requests fail, of different causes',
    fault: 'three in ten requests to a model fail (30 %)',
    series: traffic([
      HEALTHY,
      {
        minutes: 10,
        perMinute: { ok: 280, downstream_service_error: 40, network_error: 40, client_timeout: 40 },
      },
    ]),
    faultAt: minutes(10),
    firesAfter: 330,
    firing: [firing('30%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'just above the threshold',
    fault: 'a few of the requests to a model fail (6 %)',
    series: traffic([HEALTHY, { minutes: 10, perMinute: { ok: 376, internal_server_error: 24 } }]),
    faultAt: minutes(10),
    firesAfter: 405,
    firing: [firing('6%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'probes of a model that no app uses fail',
    fault: 'every probe of a model fails, at four runs a minute',
    series: traffic(
      [
        { minutes: 10, perMinute: { ok: 4 } },
        { minutes: 10, perMinute: { request_timeout: 4 } },
      ],
      { source: 'probe' },
    ),
    faultAt: minutes(10),
    firesAfter: 345,
    firing: [firing('100%', 'probe')],
  },
];

const labelled: readonly RuleCase[] = [
  {
    alert,
    kind: 'fires',
    name: 'labels of the user survive, labels of processes do not, and only the model that fails is named',
    series: {
      ...traffic([HEALTHY, OUTAGE], {
        labels: {
          team: 'checkout',
          account: 'prod',
          endpoint_id: 'fal-ai/kling-video/v2/master',
          pod: 'shop-7d9f',
          container: 'shop',
          node: 'node-3',
          endpoint: 'metrics',
          service_instance_id: '0d1c',
          otel_scope_name: 'fal',
          otel_scope_version: '0.1.0',
          otel_scope_schema_url: 'https://opentelemetry.io/schemas/1.38.0',
        },
      }),
      ...traffic([HEALTHY, HEALTHY], { labels: { team: 'checkout', account: 'prod' } }),
    },
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [
      firing('100%', 'app', {
        team: 'checkout',
        account: 'prod',
        endpoint_id: 'fal-ai/kling-video/v2/master',
      }),
    ],
  },
  {
    alert,
    kind: 'fires',
    name: 'two instances of an app are one app: together they have traffic enough',
    series: byTwoInstances((labels) =>
      traffic(
        [
          { minutes: 10, perMinute: { ok: 3 } },
          { minutes: 10, perMinute: { internal_error: 3 } },
        ],
        { labels },
      ),
    ),
    faultAt: minutes(10),
    firesAfter: 330,
    firing: [firing('100%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'the first error ever: its series appears with the fault',
    series: {
      ...traffic([HEALTHY, { minutes: 10, perMinute: { ok: 0 } }]),
      [key('fal_client_requests_total', {}, { outcome: 'error' })]: '0+0x40 100+100x39',
      [key('fal_client_errors_total', {}, { error_type: '500', fault: 'platform' })]: '_x41 100+100x39',
    },
    faultAt: minutes(10),
    firesAfter: 330,
    firing: [firing('100%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'cancelled requests do not thin the failures out',
    series: traffic([
      { minutes: 10, perMinute: { ok: 100, aborted: 900 } },
      { minutes: 10, perMinute: { ok: 50, internal_error: 50, aborted: 900 } },
    ]),
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('50%')],
  },
  {
    alert,
    kind: 'fires',
    name: 'a minute without scrapes does not put it off',
    series: traffic([
      HEALTHY,
      { ...OUTAGE, minutes: 3 },
      { ...OUTAGE, minutes: 1, missing: true },
      { ...OUTAGE, minutes: 10 },
    ]),
    faultAt: minutes(10),
    firesAfter: 315,
    firing: [firing('100%')],
  },
];

export const ERROR_RATE_HIGH_CASES: readonly RuleCase[] = [...detected, ...labelled];
