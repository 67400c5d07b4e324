import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedAlertmanagerConfig } from './alertmanager.ts';
import type { PostedAlert } from './alertmanager-api.ts';
import { alertOf, startPaging, type Paging } from './paging.ts';
import type { Incident } from './pagerduty/incidents.ts';
import { waitUntil } from './wait-until.ts';

let paging: Paging;
beforeAll(async () => {
  paging = await startPaging();
});
afterAll(() => paging.stop());

/** Accounts keep the tests apart: an incident, its key and what it inhibits belong to one. */
async function incidentOf(alert: PostedAlert, within: Paging = paging): Promise<Incident> {
  const { alertname, account } = alert.labels;
  await within.fire(alert);
  return waitUntil(
    `an incident of ${alertname ?? ''} of ${account ?? ''}`,
    () =>
      within.pagerDuty
        .incidents()
        .find(({ payload }) => payload.class === alertname && payload.group === (account ?? 'fal')),
    { withinMs: 20_000, everyMs: 20, evidence: () => within.alertmanager.log() },
  );
}

/** On a busy machine the first event of a group may come before all of its alerts are in. */
const incidentWith = (summary: RegExp, within: Paging = paging): Promise<Incident> =>
  waitUntil(
    `an incident with the summary ${summary.source}`,
    () => within.pagerDuty.incidents().find(({ payload }) => summary.test(payload.summary)),
    { withinMs: 20_000, everyMs: 20, evidence: () => JSON.stringify(within.pagerDuty.incidents()) },
  );

const refused = (within: Paging = paging): readonly string[] =>
  within.pagerDuty.requests().flatMap(({ reasons }) => reasons);

describe('urgency follows the severity label', () => {
  test.each([
    ['critical', 'critical', 'high'],
    ['warning', 'warning', 'low'],
    ['CRITICAL', 'critical', 'high'],
    ['error', 'error', 'high'],
    ['p1', 'error', 'high'],
    ['', 'error', 'high'],
  ])('"%s" becomes %s, urgency %s', async (label, severity, urgency) => {
    const account = `severity-${label || 'missing'}`;
    const incident = await incidentOf(alertOf('FalErrorRateCritical', { severity: label, account }));
    expect(incident).toMatchObject({ severity, urgency });
  });

  test('info and none never reach PagerDuty', async () => {
    const account = 'quiet';
    await paging.fire(
      alertOf('FalTimeouts', { severity: 'info', account }),
      alertOf('Watchdog', { severity: 'none', account, scope: 'meta' }),
    );
    // A warning waits just as long as an alert with severity info would, so that one would be there by now.
    await incidentOf(alertOf('FalErrorRateHigh', { severity: 'warning', account }));
    const classes = paging.pagerDuty
      .incidents()
      .filter(({ payload }) => payload.group === account)
      .map(({ payload }) => payload.class);
    expect(classes).toEqual(['FalErrorRateHigh']);
  });
});

describe('an event says', () => {
  test('what, where, how we know and what to open', async () => {
    const incident = await incidentOf(alertOf('FalErrorRateCritical', { account: 'whole' }));
    expect(incident.payload).toMatchObject({
      summary: 'fal-ai/flux/dev: 40 % of 120 requests failed in 2 minutes',
      source: 'fal-ai/flux/dev',
      class: 'FalErrorRateCritical',
      component: 'app',
      group: 'whole',
      custom_details: { description: '\tLimit 25 %. Most of them: 503.' },
    });
    expect(incident.payload.custom_details?.firing).toMatch(
      /^\talertname=FalErrorRateCritical, .*\n {2}fal-ai.*\n {2}Limit.*\n {2}since 20/,
    );
    const { url } = paging.alertmanager;
    const silence =
      '%7Balertname%3D%22FalErrorRateCritical%22%2Caccount%3D%22whole%22%2Cendpoint_id%3D%22fal-ai%2Fflux%2Fdev%22%7D';
    expect(incident.links).toEqual([
      { href: 'https://example.com/runbooks/FalErrorRateCritical.md', text: 'Runbook' },
      {
        href: 'http://localhost:3000/d/fal-endpoint?var-endpoint_id=fal-ai%2Fflux%2Fdev',
        text: 'Dashboard',
      },
      {
        href: 'http://localhost:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
        text: 'Query in Prometheus',
      },
      { href: `${url}/#/silences/new?filter=${silence}`, text: 'Silence in Alertmanager' },
    ]);
    expect(paging.accepted('trigger').at(-1)?.event).toMatchObject({
      client: 'fal-observability',
      client_url: `${url}/#/alerts?receiver=fal-pagerduty`,
    });
  });

  test.each([
    [
      'a probe',
      { scope: 'platform', endpoint_id: '', source: 'probe', probe: 'text-to-image' },
      'text-to-image',
    ],
    ['an account', { scope: 'account', endpoint_id: '', source: '' }, 'account'],
  ])('without an endpoint that it is about the account; seen by %s', async (_, labels, component) => {
    const { payload } = await incidentOf(alertOf('FalBalanceLow', { account: `of-${component}`, ...labels }));
    expect(payload).toMatchObject({ source: `of-${component}`, component });
  });

  test('the instance, and else at least our name, when there is no account either', async () => {
    const meta = { severity: 'critical', scope: 'meta', account: '', endpoint_id: '', source: '' };
    const down = await incidentOf(alertOf('FalExporterDown', { ...meta, instance: 'exporter:10464' }));
    expect(down.payload).toMatchObject({ source: 'exporter:10464', component: 'meta', group: 'fal' });
    const absent = await incidentOf(alertOf('FalExporterAbsent', meta));
    expect(absent.payload).toMatchObject({ source: 'fal-observability', group: 'fal' });
  });
});

test('what apps and probes say of one endpoint is one incident, under the words of one of them', async () => {
  const account = 'both';
  const saying = (source: string, summary: string): PostedAlert =>
    alertOf(
      'FalErrorRateCritical',
      { account, source },
      {
        summary,
        description: `as ${source} has it`,
        runbook_url: `https://example.com/${source}`,
        dashboard_url: `https://example.com/${source}`,
      },
    );
  await paging.fire(saying('app', '40 % of 120 requests failed'), saying('probe', '3 of 5 runs failed'));
  const { payload, links } = await incidentWith(
    /^(40 % of 120 requests failed|3 of 5 runs failed) \(1 of 2 alerts\)$/,
  );
  expect(payload).toMatchObject({
    source: 'fal-ai/flux/dev',
    component: 'endpoint',
    group: account,
    class: 'FalErrorRateCritical',
  });
  expect(payload.custom_details?.description).toMatch(/^\tas (app|probe) has it$/);
  expect(links.slice(0, 2).map(({ text, href }) => [text, /app$|probe$/.test(href)])).toEqual([
    ['Runbook', true],
    ['Dashboard', true],
  ]);
  expect(paging.pagerDuty.incidents().filter(({ payload: { group } }) => group === account)).toHaveLength(1);
});

describe('no event is ever refused for', () => {
  const summaryOf = async (
    name: string,
    annotations: Readonly<Record<string, string>>,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<Incident> =>
    incidentOf(alertOf('FalErrorRateCritical', { account: name, ...labels }, annotations));

  test('texts of 5,000 characters, which are cut between two of them and end in dots', async () => {
    const { payload } = await summaryOf('long', {
      summary: '😀'.repeat(5_000),
      description: 'ä'.repeat(5_000),
    });
    expect(payload.summary).toBe(`${'😀'.repeat(1_000)}…`);
    expect(payload.custom_details?.description).toBe(`\t${'ä'.repeat(3_000)}…`);
  });

  test('labels of 5,000 characters', async () => {
    const { payload } = await summaryOf(
      'wide',
      {},
      { endpoint_id: 'e'.repeat(5_000), source: 's'.repeat(5_000) },
    );
    expect([payload.source, payload.component].map((text) => text?.length)).toEqual([255, 255]);
  });

  test.each([
    ['no annotations', {}],
    ['an empty summary', { summary: '' }],
    ['a summary of nothing visible', { summary: ' \u00a0\u200b\n ' }],
  ])('%s: the summary is made from the labels', async (what, annotations) => {
    const { payload, links } = await summaryOf(what, annotations);
    expect(payload.summary).toBe('FalErrorRateCritical: 1 firing: fal-ai/flux/dev');
    expect(links.map(({ text }) => text)).toEqual(['Query in Prometheus', 'Silence in Alertmanager']);
  });

  test('labels of nothing visible', async () => {
    const { payload } = await summaryOf('blank', {}, { endpoint_id: ' ', source: '\u00a0' });
    expect(payload).toMatchObject({ source: 'blank', component: 'endpoint' });
  });

  test('a summary of several lines, which becomes one', async () => {
    const { payload } = await summaryOf('lines', { summary: '  Über\n\n  日本語 👩‍🚀\t40 %  ' });
    expect(payload.summary).toBe('Über 日本語 👩‍🚀 40 %');
  });

  test.each([
    'runbooks/FalX.md',
    'javascript:alert(1)',
    'https://',
    'https://exa mple.com',
    'http://a:99999/x',
  ])('a link that leads nowhere, which is left out: %s', async (url) => {
    const { links } = await summaryOf(`link ${url}`, {
      runbook_url: url,
      dashboard_url: 'https://[::1]:3000/d',
    });
    expect(links.map(({ text }) => text)).toEqual([
      'Dashboard',
      'Query in Prometheus',
      'Silence in Alertmanager',
    ]);
  });

  // Alertmanager 0.30 and newer reads details as YAML, unless they begin with a tab: it would make of these an object,
  // a number that JSON does not know, a template that it cannot expand, …
  test.each([
    'Most of them: 503',
    '.nan',
    '- {{ .Nothing',
    'a: {{ template "none" }}',
    '*a',
    '{ a: .inf }',
    '[1, 2',
  ])('a description that is YAML, or nearly, or a template: %s', async (description) => {
    const { payload } = await summaryOf(`yaml ${description}`, { summary: description, description });
    const { description: text, firing } = payload.custom_details as Record<string, string>;
    expect(payload.summary).toBe(description);
    expect(text).toBe(`\t${description}`);
    expect(firing?.[0]).toBe('\t');
  });

  test('any of the above', () => {
    expect(refused()).toEqual([]);
  });
});

test('the key of an incident stays the same until it is resolved, and one comes and goes with one event each', async () => {
  const alert = alertOf('FalRequestsStuck', { account: 'once' });
  const { dedupKey } = await incidentOf(alert);
  await paging.resolve(alert);
  const ours = await waitUntil(
    'the incident is resolved',
    () => {
      const found = paging.pagerDuty.incidents().filter((incident) => incident.dedupKey === dedupKey);
      return found.every(({ state }) => state === 'resolved') ? found : undefined;
    },
    { withinMs: 20_000 },
  );
  expect(ours).toMatchObject([{ triggers: 1, state: 'resolved' }]);
  expect(dedupKey).toMatch(/^[0-9a-f]{64}$/);
});

describe('a group that somebody widened', () => {
  let wide: Paging;
  beforeAll(async () => {
    const config = shippedAlertmanagerConfig().replaceAll('[alertname, account, endpoint_id]', '[monitor]');
    wide = await startPaging({ config });
  });
  afterAll(() => wide.stop());

  test('to alerts that share nothing is accepted, with the worst severity, and says what is in it', async () => {
    await wide.fire(
      alertOf('FalErrorRateCritical', { account: 'a', source: 'app' }, { summary: 'one' }),
      alertOf('FalBalanceCritical', { account: 'b', endpoint_id: '', scope: 'account', source: '' }, {}),
    );
    const places = /^Several alerts: 2 firing: (fal-ai\/flux\/dev, b|b, fal-ai\/flux\/dev)$/;
    const incident = await incidentWith(places, wide);
    expect(incident.severity).toBe('critical');
    expect(incident.payload).toMatchObject({
      source: 'fal-observability',
      component: 'fal',
      group: 'fal',
      class: 'several',
    });
    expect(refused(wide)).toEqual([]);
  });

  test('to 200 alerts of the largest size still comes with its details, far below 512 KB', async () => {
    const text = 'ü'.repeat(5_000);
    await wide.fire(
      ...Array.from({ length: 200 }, (_, index) =>
        alertOf(
          'FalErrorRateCritical',
          { monitor: 'storm', account: 'a', endpoint_id: `fal-ai/model-${index}` },
          { summary: `${text}${index}`, description: text },
        ),
      ),
    );
    const summary = /^FalErrorRateCritical: 200 firing: fal-ai\/model-\d+, .* and more$/;
    const incident = await incidentWith(summary, wide);
    expect(incident.payload.custom_details?.firing).toContain('and more: 200 in all');
    expect(JSON.stringify(incident).length).toBeLessThan(60_000);
    expect(refused(wide)).toEqual([]);
  });
});
