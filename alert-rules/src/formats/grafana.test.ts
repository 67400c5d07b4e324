import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { anyOverrides } from '../../assertions/any-overrides.ts';
import { writtenOut } from '../../assertions/written-out.ts';
import { parsePromql, secondsOf, syntaxErrors } from '../../assertions/promql-tree.ts';
import { packUnderTest, settingsUnderTest } from '../cases/rules-under-test.ts';
import { ALERTS } from '../catalogue.ts';
import { type AlertRule, buildPack, type Pack } from '../pack.ts';
import { defaultSettings } from '../settings.ts';
import { grafanaFiles, type GrafanaGroup } from './grafana.ts';
import type { GrafanaRule } from './grafana-rule.ts';

const PACK = packUnderTest();
const { links } = defaultSettings();
const FILES = new Map(grafanaFiles(PACK, { links }).map(({ path, text }) => [path, text]));

function read(path: string): Record<string, unknown> {
  return parse(FILES.get(path) ?? '', { version: '1.1' }) as Record<string, unknown>;
}

function groupsOf(path: string): GrafanaGroup[] {
  return read(path).groups as GrafanaGroup[];
}

const RULES = groupsOf('grafana/rules.yml').flatMap(({ rules }) => rules);
const OWN_RULE = 'FalDataSourceUnreachable';

function alertsIn(pack: Pack): AlertRule[] {
  const rules = pack.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  return rules.filter((rule) => rule.kind === 'alert');
}

/** What a receiver would see of a rule, and when: the same for both forms, or one of them is wrong. */
function essence({ expr, ...rule }: AlertRule, pack: Pack): unknown {
  return { ...rule, tree: writtenOut(expr, pack) };
}

/** The same of Grafana's form, read as Grafana reads it: labels are interpolated, `for` is text. */
function essenceOf(rule: GrafanaRule, pack: Pack): unknown {
  const whole = String(rule.data[0]?.model.expr);
  const [, expr = ''] = /^sum without \(\) \(([^]*)\)$/.exec(whole) ?? [];
  const labels = Object.entries(rule.labels).map(
    ([name, value]) => [name, value.replaceAll('$$', '$')] as const,
  );
  return {
    ...{ kind: 'alert', alert: rule.title, tree: writtenOut(expr, pack) },
    forSeconds: secondsOf(rule.for),
    keepFiringForSeconds: rule.keepFiringFor === undefined ? undefined : secondsOf(rule.keepFiringFor),
    labels: Object.fromEntries(labels),
    annotations: Object.fromEntries(
      Object.entries(rule.annotations).map(([name, text]) => [name, withoutGuards(text)]),
    ),
  };
}

/** The text as Prometheus has it: the guard only keeps the log quiet while nothing fires. */
function withoutGuards(text: string): string {
  return text.replaceAll(/\{\{ if ne \(print \$value\) "" \}\}(\{\{ \$value [^}]*\}\})\{\{ end \}\}/g, '$1');
}

describe('the Grafana-managed form', () => {
  test('has the same alerts as the Prometheus form: expressions, thresholds, durations, labels and texts', () => {
    const twins = RULES.filter(({ title }) => title !== OWN_RULE);
    expect(twins.map((rule) => essenceOf(rule, PACK))).toEqual(
      alertsIn(PACK).map((rule) => essence(rule, PACK)),
    );
  });

  test('writes no error into the log while nothing fires and $value is empty, and shows a value of 0', () => {
    const texts = RULES.flatMap(({ annotations }) => Object.values(annotations));
    const uses = texts.flatMap((text) => text.match(/\{\{ \$value/g) ?? []);
    const guarded = texts.flatMap(
      (text) => text.match(/\{\{ if ne \(print \$value\) "" \}\}\{\{ \$value/g) ?? [],
    );
    expect(uses.length).toBeGreaterThan(20);
    expect(guarded).toHaveLength(uses.length);
  });

  test('stays the same whatever the thresholds and the jobs', () => {
    fc.assert(
      fc.property(anyOverrides(), ({ meant }) => {
        const pack = buildPack({ settings: meant });
        const text = grafanaFiles(pack, { links: meant.links })[0]?.text ?? '';
        const rules = (parse(text) as { groups: GrafanaGroup[] }).groups.flatMap((group) => group.rules);
        const twins = rules.filter(({ title }) => title !== OWN_RULE);
        expect(twins.map((rule) => essenceOf(rule, pack))).toEqual(
          alertsIn(pack).map((rule) => essence(rule, pack)),
        );
      }),
      { numRuns: 3 },
    );
  }, 60_000);

  test('needs no recorded series, and every expression of it is PromQL', () => {
    for (const { title, data } of RULES) {
      const expr = String(data[0]?.model.expr);
      expect(expr, title).not.toMatch(/[a-z_]+:[a-z_]+:/);
      expect(syntaxErrors(parsePromql(expr)), title).toEqual([]);
    }
  });

  test('has uids that Grafana takes, each once', () => {
    const uids = RULES.map(({ uid }) => uid);
    for (const uid of uids) expect(uid).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
    expect(uids.filter((uid, index) => uids.indexOf(uid) !== index)).toEqual([]);
    expect(uids).toContain('fal-error-rate-high-app');
    expect(uids).toContain('fal-watchdog');
  });

  test('fires for whatever the expression returns, also zero and below, and is well when it returns nothing', () => {
    for (const { title, condition, data, noDataState } of RULES.filter((rule) => rule.title !== OWN_RULE)) {
      expect(condition).toBe('B');
      const [query, threshold] = data;
      expect(query, title).toMatchObject({ refId: 'A', model: { refId: 'A', instant: true, range: false } });
      expect(threshold, title).toMatchObject({
        refId: 'B',
        datasourceUid: '__expr__',
        model: { type: 'threshold', expression: 'A' },
      });
      expect(conditionOf(threshold?.model), title).toEqual({ evaluator: { type: 'gt', params: [-1e300] } });
      expect(noDataState, title).toBe('OK');
    }
  });

  test('neither pages for every rule nor resolves what is open while the data source is away: one rule tells it', () => {
    const [own, ...others] = RULES.toSorted(
      (a, b) => Number(b.title === OWN_RULE) - Number(a.title === OWN_RULE),
    );
    for (const rule of others) expect(rule.execErrState, rule.title).toBe('KeepLast');
    expect(own).toMatchObject({
      ...{ title: OWN_RULE, execErrState: 'Alerting', noDataState: 'Alerting', for: '5m' },
      labels: { severity: 'critical', scope: 'meta' },
    });
    // vector(1) is 1, so that only an error can fire it.
    expect(own?.data[0]?.model.expr).toBe('vector(1)');
    expect(conditionOf(own?.data[1]?.model)).toEqual({ evaluator: { type: 'lt', params: [-1e300] } });
  });

  test('links the rule of its own to the runbook of an alert that exists', () => {
    const url = RULES.find(({ title }) => title === OWN_RULE)?.annotations.runbook_url ?? '';
    expect(ALERTS.map(({ name }) => name)).toContain(url.slice(url.lastIndexOf('/') + 1));
  });

  test('is evaluated at multiples of ten seconds in groups of one folder, and asks one fixed data source', () => {
    for (const { interval, folder, orgId, rules } of groupsOf('grafana/rules.yml')) {
      expect(secondsOf(interval) % 10).toBe(0);
      expect({ folder, orgId }).toEqual({ folder: 'fal', orgId: 1 });
      for (const { data } of rules)
        expect(data.map(({ datasourceUid }) => datasourceUid)).toEqual(['prometheus', '__expr__']);
    }
  });

  test('asks another data source on request, everywhere', () => {
    const text = grafanaFiles(PACK, { links, dataSourceUid: 'mimir' })[0]?.text ?? '';
    expect(text).not.toMatch(/uid: prometheus/i);
    expect(text).toMatch(/datasourceUid: mimir/);
  });

  test('pauses what only a dead-man switch has a use for', () => {
    expect(RULES.filter(({ isPaused }) => isPaused).map(({ title }) => title)).toEqual(['Watchdog']);
  });

  test('writes a dollar in a label twice, because Grafana looks for a variable of that name', () => {
    const pack: Pack = [
      {
        name: 'meta',
        groups: [
          {
            name: 'g',
            intervalSeconds: 15,
            rules: [{ ...firstAlert(), labels: { severity: 'info', scope: 'meta', owner: '$team' } }],
          },
        ],
      },
    ];
    const [file] = grafanaFiles(pack, { links });
    const [group] = (parse(file?.text ?? '') as { groups: GrafanaGroup[] }).groups;
    expect(group?.rules[0]?.labels.owner).toBe('$$team');
    expect(group?.interval).toBe('20s');
  });

  test('refuses an alert whose uid Grafana would not take', () => {
    const alert = `Fal${'Long'.repeat(12)}`;
    const pack: Pack = [{ name: 'meta', groups: [{ name: 'g', rules: [{ ...firstAlert(), alert }] }] }];
    expect(() => grafanaFiles(pack, { links })).toThrow('longer than 40 characters');
  });

  test('ties no rule to a dashboard by uid alone, which stops Grafana at its start', () => {
    for (const text of FILES.values()) expect(text).not.toMatch(/__dashboardUid__|__panelId__|dashboardUid/);
  });
});

describe('what needs a secret', () => {
  test('stands in sub-folders, which Grafana does not read, and the plain rules name no receiver', () => {
    for (const [path, text] of FILES) {
      const needsSecret = text.includes('$__file{') || text.includes('receiver:');
      expect(path.split('/').length > 2, path).toBe(needsSecret);
    }
  });

  test('sends critical and warning to PagerDuty, one page per model, and nothing else', () => {
    const routed = groupsOf('grafana/pagerduty/rules.yml').flatMap(({ rules }) => rules);
    expect(routed.map(({ notification_settings: _, ...rule }) => rule)).toEqual(RULES);
    for (const { labels, notification_settings: settings } of routed) {
      const pages = ['critical', 'warning'].includes(labels.severity ?? '');
      expect(settings?.receiver).toBe(pages ? 'fal-pagerduty' : undefined);
      if (pages)
        expect(settings?.group_by).toEqual(['grafana_folder', 'alertname', 'account', 'endpoint_id']);
    }
    expect(names(read('grafana/pagerduty/contact-points.yml'))).toEqual(['fal-pagerduty']);
  });

  test('reads the key from a file, in quotes, and no other dollar is in the contact point', () => {
    const text = FILES.get('grafana/pagerduty/contact-points.yml') ?? '';
    expect(text).toMatch(/integrationKey: ['"]?\$__file\{\/run\/secrets\/pagerduty_routing_key\}['"]?\n/);
    const body = text.replace(/^#.*$/gm, '');
    expect(body.match(/\$/g)).toHaveLength(1);
  });

  test('leaves no field of a page empty: every template ends in a text', () => {
    const [point] = read('grafana/pagerduty/contact-points.yml').contactPoints as {
      receivers: { settings: Record<string, unknown> }[];
    }[];
    const settings = point?.receivers[0]?.settings ?? {};
    const { details, ...texts } = settings;
    const fields: Record<string, unknown> = { ...texts, integrationKey: undefined, ...(details as object) };
    for (const [name, template] of Object.entries(fields)) {
      if (typeof template !== 'string' || !template.includes('{{')) continue;
      const opened = template.match(/\{\{ (with|if) /g)?.length ?? 0;
      expect(template.match(/\{\{ end \}\}/g)?.length ?? 0, name).toBe(opened);
      expect(template, name).toMatch(/\{\{ else \}\}([^{}]+|\{\{ \.ExternalURL \}\})(\{\{ end \}\})+$/);
    }
    expect(Object.keys(settings)).toEqual(
      expect.arrayContaining([
        'summary',
        'source',
        'class',
        'component',
        'group',
        'severity',
        'details',
        'client_url',
      ]),
    );
  });

  test('replaces the tree of policies only by a file of its own, whose receivers all exist', () => {
    const withPolicies = [...FILES].filter(([, text]) => /^policies:/m.test(text));
    expect(withPolicies.map(([path]) => path)).toEqual(['grafana/policies/policies.yml']);
    expect(withPolicies[0]?.[1]).toContain('REPLACES');
    const file = read('grafana/policies/policies.yml');
    const known = [...names(file), ...names(read('grafana/pagerduty/contact-points.yml'))];
    const receivers = [...JSON.stringify(file.policies).matchAll(/"receiver":"([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(receivers.length).toBeGreaterThan(4);
    for (const receiver of receivers) expect(known).toContain(receiver);
  });
});

function conditionOf(model: Readonly<Record<string, unknown>> | undefined): unknown {
  return (model?.conditions as unknown[] | undefined)?.[0];
}

function names(file: Record<string, unknown>): string[] {
  return (file.contactPoints as { name: string }[]).map(({ name }) => name);
}

function firstAlert(): AlertRule {
  const [rule] = alertsIn(buildPack({ settings: settingsUnderTest() })).filter(
    ({ expr }) => !/:\w+:/.test(expr),
  );
  if (rule === undefined) throw new Error('every alert reads a recorded series');
  return rule;
}
