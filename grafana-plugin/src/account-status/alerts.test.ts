import { describe, expect, it } from 'vitest';
import type { AlertingRule } from '../prometheus/rules.ts';
import { type FiringAlert, firingAlerts } from './alerts.ts';
import { evidenceOf, sample } from './evidence.builder.ts';

function rule(
  annotations: Record<string, string>,
  state = 'firing',
  name = 'FalErrorRateHigh',
): AlertingRule {
  const labels = { severity: 'warning', account: 'production', endpoint_id: 'fal-ai/flux/dev' };
  const alerts = [{ state, labels, annotations, activeAt: undefined }];
  return { name, group: 'fal-endpoint', health: 'ok', annotations: {}, alerts };
}

function only(rules: AlertingRule[]): FiringAlert | undefined {
  const alerts = firingAlerts(evidenceOf({}, rules));
  expect(alerts).toHaveLength(1);
  return alerts[0];
}

describe('firingAlerts', () => {
  it('tells an alert once, with what the rule says, though ALERTS has it too', () => {
    const labels = { alertname: 'FalErrorRateHigh', severity: 'warning', account: 'production' };
    const evidence = evidenceOf({ alerts: [sample({ ...labels, endpoint_id: 'fal-ai/flux/dev' })] }, [
      rule({ summary: 'fal: flux failing' }),
    ]);
    expect(firingAlerts(evidence)).toMatchObject([
      { about: 'fal-ai/flux/dev', summary: 'fal: flux failing' },
    ]);
  });

  it('tells since when, by the rule or by the series, in seconds', () => {
    const [told] = [rule({})].map((one) => ({
      ...one,
      alerts: one.alerts.map((alert) => ({ ...alert, activeAt: 7_000 })),
    }));
    const bare = sample({ alertname: 'FalTimeouts', severity: 'warning' }, 5);
    const alerts = firingAlerts(evidenceOf({ alerts: [bare] }, told === undefined ? [] : [told]));
    expect(alerts.map(({ name, since }) => [name, since])).toEqual([
      ['FalErrorRateHigh', 7],
      ['FalTimeouts', 5],
    ]);
  });

  it('tells of alerts that only the series knows, where the rules may not be read', () => {
    const alerts = [sample({ alertname: 'FalProbeFailing', severity: 'warning', probe: 'kling' })];
    expect(firingAlerts(evidenceOf({ alerts }))).toMatchObject([{ name: 'FalProbeFailing', about: 'kling' }]);
  });

  it('puts critical ones first, and severities that it does not know last', () => {
    const alert = (alertname: string, severity: string): ReturnType<typeof sample> =>
      sample({ alertname, severity });
    const alerts = [
      alert('FalA', 'page'),
      alert('FalB', 'info'),
      alert('FalC', 'critical'),
      alert('FalD', 'warning'),
    ];
    expect(firingAlerts(evidenceOf({ alerts })).map(({ name }) => name)).toEqual([
      'FalC',
      'FalD',
      'FalB',
      'FalA',
    ]);
  });

  it('leaves out what is pending, what is not ours, and knows the states of Grafana', () => {
    const rules = [rule({}, 'pending'), rule({}, 'firing', 'Watchdog'), rule({}, 'Alerting', 'FalTimeouts')];
    expect(only(rules)?.name).toBe('FalTimeouts');
  });

  it.each([
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['//evil.example', undefined],
    ['not a link', undefined],
    ['https://wiki.example/fal/x', 'https://wiki.example/fal/x'],
  ])('makes of the runbook %s the link %s', (url, link) => {
    expect(only([rule({ runbook_url: url })])?.runbook).toBe(link);
  });

  it.each([
    ['http://localhost:3000/d/fal-endpoint?var-endpoint_id=a%2Fb', '/d/fal-endpoint?var-endpoint_id=a%2Fb'],
    ['https://grafana.example/sub/d/fal-queue/fal-queue', '/d/fal-queue/fal-queue'],
    ['https://evil.example/login', undefined],
    ['javascript:/d/x', undefined],
  ])('leads from the dashboard %s to %s of this Grafana', (url, path) => {
    expect(only([rule({ dashboard_url: url })])?.dashboard).toBe(path);
  });

  it('knows the annotation by which Grafana links an alert to its dashboard', () => {
    expect(only([rule({ __dashboardUid__: 'fal-credits' })])?.dashboard).toBe('/d/fal-credits');
    expect(only([rule({ __dashboardUid__: '../admin' })])?.dashboard).toBeUndefined();
  });
});
