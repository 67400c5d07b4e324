import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SHIPPED_ALERTMANAGER_CONFIG, withReceiversOf } from './alertmanager-config.ts';
import { amtool, testRoute } from './amtool.ts';

const CONFIG = join(dirname(import.meta.dirname), SHIPPED_ALERTMANAGER_CONFIG);
const EXAMPLES = join(dirname(CONFIG), 'examples');

type Labels = Readonly<Record<string, string>>;

/** What amtool must have found in the file, all of it. */
interface Shipped {
  readonly inhibit_rules: readonly unknown[];
  readonly receivers: readonly unknown[];
  readonly templates: readonly unknown[];
}

/** Labels, and who gets them, in this order. */
const ROUTES: readonly (readonly [string, Labels, readonly string[]])[] = [
  ['the heartbeat', { alertname: 'Watchdog', severity: 'none', scope: 'meta' }, ['fal-dead-man']],
  [
    'a critical alert of an endpoint',
    { alertname: 'FalErrorRateCritical', severity: 'critical', scope: 'endpoint', account: 'main' },
    ['fal-pagerduty'],
  ],
  [
    'a warning of an endpoint',
    { alertname: 'FalErrorRateHigh', severity: 'warning', scope: 'endpoint', account: 'main' },
    ['fal-pagerduty-low-urgency'],
  ],
  ['a timeout to look into', { alertname: 'FalTimeouts', severity: 'info', scope: 'endpoint' }, ['fal-chat']],
  [
    'the platform being down',
    { alertname: 'FalPlatformDown', severity: 'critical', scope: 'platform' },
    ['fal-pagerduty'],
  ],
  [
    'an incident that fal announces',
    { alertname: 'FalStatusIncident', severity: 'info', scope: 'platform' },
    ['fal-chat'],
  ],
  [
    'a locked account',
    { alertname: 'FalAccountLocked', severity: 'critical', scope: 'account' },
    ['fal-pagerduty'],
  ],
  [
    'a short runway',
    { alertname: 'FalBalanceRunwayShort', severity: 'warning', scope: 'account' },
    ['fal-pagerduty-low-urgency'],
  ],
  [
    'a very short runway',
    { alertname: 'FalBalanceRunwayCritical', severity: 'critical', scope: 'account' },
    ['fal-pagerduty'],
  ],
  [
    'an exporter that is down',
    { alertname: 'FalExporterDown', severity: 'critical', scope: 'meta' },
    ['fal-pagerduty'],
  ],
  [
    'pages that do not arrive, which must not only go where they do not arrive',
    { alertname: 'FalAlertDeliveryFailing', severity: 'critical', scope: 'meta' },
    ['fal-second-way', 'fal-pagerduty'],
  ],
  ['one of ours for machines', { alertname: 'FalSomething', severity: 'none' }, ['fal-nobody']],
  ['one of ours without a severity', { alertname: 'FalSomething' }, ['fal-pagerduty']],
  [
    'one of ours with a severity of its own',
    { alertname: 'FalSomething', severity: 'p1' },
    ['fal-pagerduty'],
  ],
  ['one of somebody else', { alertname: 'DiskFull', severity: 'warning' }, ['fal-pagerduty']],
  ['one without a name', { severity: 'info' }, ['fal-pagerduty']],
];

describe('the shipped configuration', () => {
  test('is in order', async () => {
    const { exitCode, output } = await amtool(['check-config', CONFIG]);
    const {
      inhibit_rules: inhibitRules,
      receivers,
      templates,
    } = parse(readFileSync(CONFIG, 'utf8')) as Shipped;
    expect(output).toContain(
      ` - ${inhibitRules.length} inhibit rules\n - ${receivers.length} receivers\n - ${templates.length} templates`,
    );
    expect(exitCode, output).toBe(0);
  });

  test.each(ROUTES)('sends %s to the right receivers', async (_, labels, receivers) => {
    const { exitCode, output } = await testRoute(CONFIG, labels, receivers);
    expect(exitCode, output).toBe(0);
  });

  test('is tested by a command that notices a wrong receiver', async () => {
    expect((await testRoute(CONFIG, { alertname: 'Watchdog' }, ['fal-pagerduty'])).exitCode).toBe(1);
  });
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-observability-routing-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const OURS = ROUTES.filter(([, { alertname }]) => /^Fal|^Watchdog$/.test(alertname ?? ''));

test('the block that people copy routes in a tree of their own as it does in ours, and takes nothing of theirs', async () => {
  const [before = '', block = ''] = readFileSync(CONFIG, 'utf8').split(/^ *# ---- copy .*\n/m);
  const receivers = [...before.matchAll(/receiver: (\S+)/g), ...block.matchAll(/receiver: (\S+)/g)];
  const names = new Set([...receivers.map(([, name]) => name), 'team']);
  const merged = [
    'route:',
    '  receiver: team',
    '  group_by: [job]',
    '  routes:',
    block,
    `    - { matchers: ['severity=~"critical|warning"'], receiver: team }`,
    'receivers:',
    ...[...names].map((name) => `  - name: ${name ?? ''}`),
  ].join('\n');
  const file = join(folder, 'merged.yml');
  writeFileSync(file, merged);
  const theirs = await testRoute(file, { alertname: 'DiskFull', severity: 'critical' }, ['team']);
  const ours = await Promise.all(OURS.map(([, labels, to]) => testRoute(file, labels, to)));
  expect([theirs, ...ours].filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
});

describe('with the receiver of', () => {
  const examples = readdirSync(EXAMPLES);

  test('every example there is a test', () => {
    expect(examples.sort()).toEqual([
      'dead-mans-switch.yml',
      'discord.yml',
      'email.yml',
      'slack.yml',
      'webhook.yml',
    ]);
  });

  test.each(examples)('%s it is in order, and every alert goes where it went before', async (example) => {
    const merged = withReceiversOf(
      readFileSync(CONFIG, 'utf8'),
      readFileSync(join(EXAMPLES, example), 'utf8'),
    );
    const file = join(folder, example);
    writeFileSync(file, merged);
    const { exitCode, output } = await amtool(['check-config', file]);
    expect(exitCode, output).toBe(0);
    const verdicts = await Promise.all(
      ROUTES.map(([, labels, receivers]) => testRoute(file, labels, receivers)),
    );
    expect(verdicts.filter((verdict) => verdict.exitCode !== 0)).toEqual([]);
  });
});
