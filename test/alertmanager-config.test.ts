import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  PAGERDUTY_URL,
  SHIPPED_ALERTMANAGER_CONFIG,
  substitutedAlertmanagerConfig,
  withReceiversOf,
} from './alertmanager-config.ts';

interface Route extends Record<string, unknown> {
  routes?: Route[];
}
interface AlertmanagerConfig {
  global: Record<string, unknown>;
  templates: string[];
  route: Route;
  inhibit_rules: {
    source_matchers: string[];
    target_matchers: string[];
    equal: string[];
  }[];
  receivers: { name: string; pagerduty_configs?: Record<string, unknown>[] }[];
}

const SHIPPED = readFileSync(join(dirname(import.meta.dirname), SHIPPED_ALERTMANAGER_CONFIG), 'utf8');
const PLACES = {
  addresses: { [PAGERDUTY_URL]: 'http://127.0.0.1:4001/v2/enqueue' },
  secretsFolder: '/run/secrets',
  templatesBase: '/shipped',
};

const parsed = (text: string): AlertmanagerConfig => parse(text, { merge: true }) as AlertmanagerConfig;
const shipped = (): AlertmanagerConfig => parsed(SHIPPED);

test('only addresses, places of files and times change', () => {
  const before = shipped();
  const after = parsed(substitutedAlertmanagerConfig(SHIPPED, PLACES));
  for (const { pagerduty_configs: configs } of before.receivers)
    for (const config of configs ?? []) config.routing_key_file = '/run/secrets/pagerduty_routing_key';
  expect(after).toEqual({
    ...before,
    global: { ...before.global, pagerduty_url: 'http://127.0.0.1:4001/v2/enqueue' },
    templates: ['/shipped/templates/*.tmpl'],
  });
});

test('all times of all routes are divided, so that their proportions stay', () => {
  const { route } = parsed(substitutedAlertmanagerConfig(SHIPPED, { ...PLACES, speedUp: 60 }));
  expect(route).toMatchObject({
    group_wait: '500ms',
    group_interval: '5000ms',
    repeat_interval: '1440000ms',
  });
  expect(route.routes?.[0]?.routes?.[0]).toMatchObject({
    matchers: ['alertname="Watchdog"'],
    group_wait: '0ms',
    group_interval: '1000ms',
    repeat_interval: '833ms',
  });
});

test('no test reaches an address outside: each needs a stand-in, and each stand-in its address', () => {
  expect(() => substitutedAlertmanagerConfig(SHIPPED, { ...PLACES, addresses: {} })).toThrow(
    `no stand-in given for ${PAGERDUTY_URL}`,
  );
  const addresses = { ...PLACES.addresses, 'https://example.com/hook': 'http://127.0.0.1:1' };
  expect(() => substitutedAlertmanagerConfig(SHIPPED, { ...PLACES, addresses })).toThrow(
    'has no address https://example.com/hook',
  );
});

test('the receiver of an example takes the place of the one of its name', () => {
  const example = 'receivers: [{ name: fal-chat, webhook_configs: [{ url: "https://a.example/hook" }] }]';
  const before = shipped();
  const after = parsed(withReceiversOf(SHIPPED, example));
  const others = ({ receivers }: AlertmanagerConfig): unknown[] =>
    receivers.filter(({ name }) => name !== 'fal-chat');
  expect(others(after)).toEqual(others(before));
  expect(after.receivers.find(({ name }) => name === 'fal-chat')).toEqual({
    name: 'fal-chat',
    webhook_configs: [{ url: 'https://a.example/hook' }],
  });
});

test.each([
  ['receivers: [{ name: nobody-knows-it }]', 'has no receiver nobody-knows-it'],
  ['route: {}', 'the example has no receivers'],
])('an example that fits nowhere is refused: %s', (example, message) => {
  expect(() => withReceiversOf(SHIPPED, example)).toThrow(message);
});

test.each([
  ['receivers: []', 'has no route'],
  ['route: { group_wait: 1h30m }', 'expected a duration such as 30s'],
  ['route: {}\nroute: {}', 'unique'],
])('a file that cannot be substituted is refused: %s', (text, message) => {
  expect(() => substitutedAlertmanagerConfig(text, { ...PLACES, speedUp: 2 })).toThrow(message);
});

const labelsOf = (matchers: readonly string[], operator: string): string[] =>
  matchers
    .filter((matcher) => matcher.endsWith(`${operator}".+"`))
    .map((matcher) => matcher.slice(0, -`${operator}".+"`.length));

test('in every inhibit rule source and target must carry the labels that have to be equal', () => {
  for (const { source_matchers: source, target_matchers: target, equal } of shipped().inhibit_rules) {
    expect(labelsOf(source, '=~')).toEqual(expect.arrayContaining(equal));
    expect(labelsOf(target, '=~')).toEqual(expect.arrayContaining(equal));
    expect(equal).toContain('account');
  }
});

test('inhibit rules silence only ours, and none that watches the watching', () => {
  for (const { target_matchers: target } of shipped().inhibit_rules) {
    const byScope = ['scope="endpoint"', 'scope=~"endpoint|platform"'].some((scope) =>
      target.includes(scope),
    );
    const byName = target.find((matcher) => /^alertname(=|=~)"(Fal(Probe|Balance)\w+\|?)+"$/.test(matcher));
    expect(byScope ? 'by scope' : byName, target.join()).toBeDefined();
    expect(
      target.some((matcher) => matcher.startsWith('alertname=')),
      target.join(),
    ).toBe(true);
    expect(target).toContain('account=~".+"');
  }
});

test('the block that people copy carries its own grouping and times, like the root that they leave behind', () => {
  const { routes, ...root } = shipped().route;
  expect(routes?.[0]).toMatchObject(root);
});

test('every secret is read from a file in one folder', () => {
  expect(SHIPPED).not.toMatch(/^\s*(routing_key|service_key|api_url|password|credentials):/m);
  const files = [...SHIPPED.matchAll(/^\s+(?:- )?\w+_file: (\S+)$/gm)].map(([, file]) => file);
  expect(files).toEqual(['/etc/alertmanager/secrets/pagerduty_routing_key']);
});
