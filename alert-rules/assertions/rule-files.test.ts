import { DURATION_BOUNDS } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, test } from 'vitest';
import { packUnderTest } from '../src/cases/rules-under-test.ts';
import { ALERTS } from '../src/catalogue.ts';
import type { AlertRule, Pack, Rule } from '../src/pack.ts';
import { RECORDED } from '../src/sources.ts';
import { type Check, EXPRESSION_CHECKS } from './expression-checks.ts';
import { isAlert, situationsIn } from './pack-facts.ts';
import { TEXT_CHECKS } from './text-checks.ts';

const CHECKS: Readonly<Record<string, Check>> = { ...EXPRESSION_CHECKS, ...TEXT_CHECKS };
const PACK = packUnderTest();
const RULES = PACK.flatMap(({ groups }) => groups.flatMap((group) => group.rules));

function complaintsAbout(pack: Pack, check: Check): string[] {
  return situationsIn(pack).flatMap((situation) => {
    const { rule } = situation;
    const name = isAlert(rule) ? `${rule.alert} ${rule.labels.source ?? ''}`.trim() : rule.record;
    return check(situation).map((complaint) => `${name}: ${complaint}`);
  });
}

describe('every rule of the pack', () => {
  test.each(Object.entries(CHECKS))('%s', (_, check) => {
    expect(complaintsAbout(PACK, check)).toEqual([]);
  });
});

describe('the pack', () => {
  test('has every alert of the catalogue, and only those', () => {
    const names = new Set(RULES.filter(isAlert).map(({ alert }) => alert));
    expect([...names].sort()).toEqual(ALERTS.map(({ name }) => name).sort());
  });

  test('holds no rule twice: neither the name of a recording nor an alert with its labels', () => {
    const ids = RULES.map((rule) =>
      isAlert(rule) ? JSON.stringify([rule.alert, rule.labels]) : rule.record,
    );
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test('records nothing that no alert and no other recording reads, but for the panels of dashboards', () => {
    const recorded = RULES.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]));
    const unread = recorded.filter(
      (name) => !RULES.some(({ expr }) => new RegExp(`${name}(?![\\w:])`).test(expr)),
    );
    const shown: string[] = [RECORDED.billed, RECORDED.atListPrice, RECORDED.estimatedByApp];
    expect(unread.filter((name) => !/:p(50|99)_5m$/.test(name) && !shown.includes(name))).toEqual([]);
  });

  test('keeps every group in one file under a name of its own', () => {
    const names = PACK.flatMap(({ groups }) => groups.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});

const GOOD: AlertRule = {
  kind: 'alert',
  alert: 'FalSomething',
  expr: 'max by (account, endpoint_id) (fal_endpoint_latency_limit_seconds{job="a"}) > 5',
  forSeconds: 60,
  labels: { severity: 'warning', scope: 'endpoint', source: 'probe' },
  annotations: {
    summary: '{{ $labels.endpoint_id }} is at {{ $value | humanize }}',
    description: 'of account {{ $labels.account }}',
    runbook_url: 'http://wiki/FalSomething',
    dashboard_url: 'http://grafana/d/fal-endpoint?var-account={{ $labels.account | urlquery }}',
  },
};

const withExpr = (expr: string): AlertRule => ({
  ...GOOD,
  expr: `max by (account, endpoint_id) (${expr}) > 0`,
});
const withText = (text: string): AlertRule => ({
  ...GOOD,
  annotations: { ...GOOD.annotations, summary: text },
});
const withLabels = (labels: Record<string, string>): AlertRule => ({
  ...GOOD,
  labels: { ...GOOD.labels, ...labels },
});
const LIMIT = 'fal_endpoint_latency_limit_seconds{job="a"}';
const RUNS = 'fal_probe_runs_total{job="a"}';
const without = ({ runbook_url: _, ...rest }: AlertRule['annotations']): AlertRule['annotations'] =>
  rest as AlertRule['annotations'];

const BAD: Readonly<Record<string, readonly Rule[]>> = {
  'is PromQL': [
    { ...GOOD, expr: 'sum(up{job="a"}) > ' },
    { ...GOOD, expr: 'up{job="a"} > > 1' },
  ],
  'compares, or asks whether something is absent': [
    { ...GOOD, expr: `max by (account, endpoint_id) (${LIMIT})` },
  ],
  'waits two scrapes before something counts as absent': [
    { ...GOOD, expr: 'absent(up{job="a"})', forSeconds: 15, labels: { severity: 'critical', scope: 'meta' } },
  ],
  'reads only what is exported or recorded before it': [
    withExpr('fal_probe_rums_total{job="a"}'),
    withExpr('endpoint:nothing:records'),
  ],
  'asks every exported series for its job': [withExpr('fal_endpoint_latency_limit_seconds')],
  'takes rates of counters only': [withExpr(`rate(${LIMIT}[5m])`)],
  'never compares a bare counter': [withExpr(RUNS), withExpr(`max_over_time(${RUNS}[5m])`)],
  'takes rates over at least four scrapes': [withExpr(`increase(${RUNS}[45s])`)],
  'has no fragile or costly function': [withExpr(`topk(5, ${LIMIT})`)],
  'has regular expressions only where they match several values': [
    withExpr(`${LIMIT} and on (account, endpoint_id) fal_account_locked{job="a", reason=~"balance"}`),
    withExpr('fal_endpoint_latency_limit_seconds{job=~"^a$"}'),
  ],
  'looks back less far than data is kept': [
    withExpr(`increase(${RUNS}[30d])`),
    withExpr(`${LIMIT} > ${LIMIT} offset 5w`),
  ],
  'divides only by what is above zero': [withExpr(`${LIMIT} / increase(${RUNS}[5m])`)],
  'joins sides that have the same labels': [
    withExpr(`${LIMIT} > on (account, probe) ${LIMIT}`),
    withExpr(`${LIMIT} and increase(${RUNS}[5m]) > 0`),
  ],
  'is named like the others': [
    { ...GOOD, alert: 'fal_something' },
    { ...GOOD, alert: 'Something' },
  ],
  'is recorded under level:metric:operations': [
    { kind: 'recording', record: 'fal_something:rate5m', expr: '1' },
    { kind: 'recording', record: 'endpoint:fal_probe_runs_total:rate5m', expr: '1' },
  ],
  'has severity and scope from the closed lists': [
    withLabels({ severity: 'page' }),
    withLabels({ scope: 'model' }),
    withLabels({ source: 'both' }),
  ],
  'sets no label that belongs to others': [withLabels({ monitor: 'a' })],
  'has constant labels': [withLabels({ size: '{{ $value }}' })],
  'has the four annotations and no other': [
    withText(''),
    { ...GOOD, annotations: without(GOOD.annotations) },
    { ...GOOD, annotations: { ...GOOD.annotations, message: 'x' } as AlertRule['annotations'] },
  ],
  'links to its own runbook': [{ ...GOOD, alert: 'FalOther' }],
  'has a summary that fits a pager': [withText('a\nb'), withText('x'.repeat(201))],
  'waits neither too long nor not at all': [{ ...GOOD, forSeconds: 20_000 }],
  'has templates that Prometheus and Grafana read alike': [
    withText('{{ $labels.endpoint_id }'),
    withText('{{ query | printf "%s" }}'),
    withText('{{ $labels.endpoint_id | title }}'),
  ],
  'uses in templates only labels that survive': [withText('{{ $labels.instance }}')],
  'shows no number with a fraction as it is': [withText('{{ $value }}')],
  'carries what grouping and inhibition compare': [
    { ...GOOD, expr: `max by (account) (${LIMIT}) > 5` },
    { ...GOOD, expr: `max by (job) (${LIMIT}) > 5`, labels: { severity: 'info', scope: 'account' } },
  ],
};

describe('a check that', () => {
  test.each(Object.entries(CHECKS))('%s has nothing against a good rule', (_, check) => {
    expect(complaintsAbout(packOf(GOOD), check)).toEqual([]);
  });

  test.each(Object.keys(CHECKS).flatMap((name) => (BAD[name] ?? []).map((rule) => [name, rule] as const)))(
    '%s finds a rule that does not',
    (name, rule) => {
      expect(complaintsAbout(packOf(rule), CHECKS[name] ?? (() => []))).toHaveLength(1);
    },
  );

  test('looks at anything was seen to find something', () => {
    expect(Object.keys(BAD).sort()).toEqual(Object.keys(CHECKS).sort());
  });
});

function packOf(rule: Rule): Pack {
  return [{ name: 'endpoint', groups: [{ name: 'fal-endpoint', rules: [rule] }] }];
}

test('a threshold that has to be a bound of the histograms is one', () => {
  const listed = ALERTS.flatMap(({ parameters }) =>
    Object.values(parameters).flatMap(({ oneOf }) => oneOf ?? []),
  );
  expect(listed.length).toBeGreaterThan(0);
  expect(listed.filter((value) => !DURATION_BOUNDS.includes(value))).toEqual([]);
});
