import { describe, expect, test } from 'vitest';
import { selectorsOf, functionsAround, parsePromql } from '../../alert-rules/assertions/promql-tree.ts';
import { BUILT, EVERY_PANEL, EVERY_TARGET, withVariables } from './grafana-json.ts';

/** The rules of Grafana's dashboard-linter, stricter where it looks at some selectors only. */
const SOURCE = { type: 'prometheus', uid: '${datasource}' };
/** Series that rules make: Prometheus keeps them without a job of ours. */
const WITHOUT_TARGET = new Set(['ALERTS', 'ALERTS_FOR_STATE']);

describe.each(BUILT.map((dashboard) => [dashboard.uid, dashboard] as const))('%s', (_, dashboard) => {
  const variables = new Map(dashboard.templating.list.map((variable) => [variable.name, variable]));

  test('lets the reader choose the data source, and starts with the default one', () => {
    expect(variables.get('datasource')).toMatchObject({
      type: 'datasource',
      query: 'prometheus',
      label: 'Data source',
      current: { text: 'default', value: 'default' },
    });
    expect(dashboard.templating.list[0]?.name).toBe('datasource');
  });

  test.each(['job', 'instance', 'account', 'endpoint_id'])(
    'lets the reader choose %s, several or all',
    (name) => {
      const isOfOneModel = dashboard.uid === 'fal-endpoint' && name === 'endpoint_id';
      expect(variables.get(name)).toMatchObject({
        type: 'query',
        datasource: SOURCE,
        multi: true,
        refresh: 2,
        includeAll: !isOfOneModel,
        ...(isOfOneModel ? {} : { allValue: '.+' }),
      });
    },
  );

  test('cannot be edited by accident, and needs no inputs at import', () => {
    expect(dashboard).toMatchObject({ editable: false, schemaVersion: 42 });
    expect(dashboard).not.toHaveProperty('__inputs');
    expect(dashboard).not.toHaveProperty('id');
    expect(dashboard).not.toHaveProperty('version');
  });

  test('links to the others with variables and time', () => {
    expect(dashboard.links).toHaveLength(1);
    expect(dashboard.links[0]).toMatchObject({
      type: 'dashboards',
      tags: ['fal'],
      asDropdown: true,
      includeVars: true,
      keepTime: true,
    });
    expect(dashboard.links[0]).not.toHaveProperty('placement');
    expect(dashboard.tags[0]).toBe('fal');
  });

  test('marks firing alerts on its curves', () => {
    const [builtIn, ...ours] = dashboard.annotations.list;
    expect(builtIn).toMatchObject({ builtIn: 1, datasource: { uid: '-- Grafana --' } });
    expect(ours.map(({ expr }) => expr)).toEqual([
      expect.stringContaining('severity="critical"'),
      expect.stringContaining('severity="warning"'),
    ]);
    for (const annotation of dashboard.annotations.list) expect(annotation).not.toHaveProperty('placement');
  });

  test('has a window to choose exactly when a query or a title uses one', () => {
    const shown = JSON.stringify({ ...dashboard, templating: undefined });
    expect(variables.has('window')).toBe(/\$window|\$\{window/.test(shown));
  });
});

describe.each(EVERY_PANEL)('%s', (_, panel) => {
  test('has a title, a help text, a unit, and words for when nothing came', () => {
    if (panel.type === 'text') return;
    expect(panel.title).toMatch(/\S/);
    expect(panel.description ?? '').toMatch(/\S.{20,}\.$/s);
    expect(panel.fieldConfig?.defaults.unit ?? '').toMatch(/\S/);
    expect(panel.fieldConfig?.defaults.noValue ?? '').toMatch(/\S/);
    expect(panel.targets?.length ?? 0).toBeGreaterThan(0);
    expect(panel.datasource).toEqual(SOURCE);
  });

  test('names its queries apart', () => {
    const refIds = (panel.targets ?? []).map(({ refId }) => refId);
    expect(new Set(refIds).size).toBe(refIds.length);
  });
});

describe.each(EVERY_TARGET)('%s', (_, target, panel) => {
  const expression = parsePromql(withVariables(target.expr));
  const original = selectorsIn(target.expr);

  test('asks the chosen data source, now or over time, and says which', () => {
    expect(target.datasource).toEqual(SOURCE);
    expect(target.instant).toBe(!target.range);
    expect(['time_series', 'table', 'heatmap']).toContain(target.format);
  });

  test('narrows every selector by job and instance', () => {
    for (const selector of original.filter(({ metric }) => !WITHOUT_TARGET.has(metric))) {
      expect(selector.body, selector.metric).toContain('job=~"$job"');
      expect(selector.body, selector.metric).toContain('instance=~"$instance"');
    }
  });

  test('looks at counters through rate or increase only', () => {
    for (const { metric, node } of selectorsOf(expression)) {
      if (!metric.endsWith('_total')) continue;
      expect(functionsAround(expression, node), metric).toEqual(
        expect.arrayContaining([expect.stringMatching(/^(rate|increase)$/)]),
      );
    }
  });

  test('has ranges of ours: the interval of Grafana, the window, the shown range, or an hour of money', () => {
    const bare = target.expr.replace(/"[^"]*"/g, '');
    const ranges = [...bare.matchAll(/\[([^\]]+)\]/g)].map(([, range]) => range);
    for (const range of ranges) {
      expect(['$__rate_interval', '$window', '$__range', '1h']).toContain(range);
    }
    if (target.range) expect(ranges).not.toContain('$__range');
  });

  test('is named by a legend where it is drawn', () => {
    if (target.format === 'table') return;
    expect(target.legendFormat, panel.title).toMatch(/\S/);
  });
});

/** Selectors as they are written, with Grafana’s variables. */
function selectorsIn(expr: string): { metric: string; body: string }[] {
  return [...expr.matchAll(/([a-zA-Z_:][\w:]*)\{([^}]*)\}/g)].map(([, metric = '', body = '']) => ({
    metric,
    body,
  }));
}
