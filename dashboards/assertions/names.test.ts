import { describe, expect, test } from 'vitest';
import { complaintsAbout } from '../../alert-rules/assertions/query-checks.ts';
import { METRICS } from '../../exporter/src/metrics/catalogue.ts';
import { VERDICT_KINDS } from '../../exporter/src/verdict/verdict.ts';
import { VERDICTS } from '../src/index.ts';
import { BUILT, EVERY_TARGET, withVariables } from './grafana-json.ts';

/**
 * What the checks of the alert rules say of a query and what is meant here, with the reason. Everything else that they
 * say is a mistake.
 */
const MEANT: readonly (readonly [complaint: RegExp, reason: string])[] = [
  [
    /^fal_client_\w+ (has no label|cannot be grouped by) account$/,
    'users add it to their apps; the matcher also takes those without',
  ],
  [/\bteam$/, 'an attribute that the app may allow; the panel says how'],
  [
    /^one half of `or` can hide the other/,
    'the app’s own number where there is one, else that of the probes',
  ],
  [/\bALERTS_FOR_STATE\b/, 'Prometheus keeps it beside ALERTS, with the labels of the alert'],
  [/^state is never /, 'states of the official status page, which another test compares with the collector'],
];

describe.each(EVERY_TARGET)('%s', (_, { expr }) => {
  test('is PromQL over metrics and labels that are exported', () => {
    const complaints = complaintsAbout(withVariables(expr));
    expect(complaints.filter((complaint) => !MEANT.some(([pattern]) => pattern.test(complaint)))).toEqual([]);
  });
});

test('nothing is excused that nobody complains of', () => {
  const complaints = EVERY_TARGET.flatMap(([, { expr }]) => complaintsAbout(withVariables(expr)));
  const needless = MEANT.filter(([pattern]) => !complaints.some((complaint) => pattern.test(complaint)));
  expect(needless).toEqual([]);
});

test('the states of the status page are those that the help of the metric names', () => {
  const asked = EVERY_TARGET.flatMap(([, { expr }]) => [
    ...expr.matchAll(/fal_status_component\{[^}]*state="(\w+)"/g),
  ]).map(([, state = '']) => state);
  const help = METRICS.find(({ name }) => name === 'fal_status_component')?.help ?? '';
  expect(asked).toHaveLength(6);
  for (const state of asked) expect(help).toContain(state);
});

test.each(
  BUILT.flatMap(({ uid, templating }) => templating.list.map((variable) => [uid, variable] as const)),
)('%s: the choices of a variable come from series that exist', (_, variable) => {
  if (variable.type !== 'query') return;
  const definition = variable.definition ?? '';
  if (definition.startsWith('query_result(')) expect(complaintsOfQueryResult(definition)).toEqual([]);
  else expectLabelValues(variable.name, definition);
});

test('the verdicts are those of the exporter, each with a rank of its own', () => {
  expect(VERDICTS.map(({ verdict }) => verdict).toSorted()).toEqual([...VERDICT_KINDS].toSorted());
  expect(VERDICTS.map(({ rank }) => rank)).toEqual(VERDICTS.map((_, index) => index));
});

/**
 * Every family of the exporter is on some dashboard: what nobody ever looks at need not be measured. Exceptions with
 * their reason.
 */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  fal_endpoint_error_ratio: 'the ratio of probes is divided from the counters, which add up over exporters',
  fal_probe_failures_total: 'the same failures are shown by type and fault',
  fal_probe_recent_runs: 'for the alerts; the runs themselves are shown',
  fal_client_attributed_requests_total: 'for questions of the user’s own, by labels of the user’s own',
  fal_client_attributed_request_duration_seconds:
    'for questions of the user’s own, by labels of the user’s own',
  fal_client_attributed_billable_units_total: 'for questions of the user’s own, by labels of the user’s own',
};

test('every family is on a dashboard, or says why not', () => {
  const shown = JSON.stringify(BUILT);
  const missing = METRICS.map(({ name }) => name).filter(
    (name) => !new RegExp(`\\b${name}(_bucket|_sum|_count)?\\b`).test(shown),
  );
  expect(missing.toSorted()).toEqual(Object.keys(NOT_SHOWN).toSorted());
});

function complaintsOfQueryResult(definition: string): string[] {
  const query = definition.slice('query_result('.length, -1);
  return complaintsAbout(withVariables(query)).filter((text) => !text.startsWith('one half of `or`'));
}

function expectLabelValues(name: string, definition: string): void {
  const [, selector = '', label = ''] = /^label_values\((\{.+\}), (\w+)\)$/.exec(definition) ?? [];
  const [, names = ''] = /__name__=~"([^"]+)"/.exec(selector) ?? [];
  const exported = new Set(METRICS.map((metric) => metric.name));
  for (const family of names.split('|')) {
    expect(exported.has(family) || family.startsWith('fal_client_'), family).toBe(true);
  }
  expect(label).toBe(name);
}
