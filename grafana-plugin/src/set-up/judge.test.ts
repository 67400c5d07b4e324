import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answered, factsWith, failed, rule, sample } from './facts.builder.ts';
import { NEEDED_ALWAYS, QUESTIONS } from './facts.ts';
import { judge } from './judge.ts';
import { OUR_ALERTS } from './our-alerts.ts';

const AT = { job: 'fal-exporter', instance: 'exporter:10464' };

/** The check with this id, as `state: words`, and its snippets as one text. */
function told(id: string, ...facts: Parameters<typeof factsWith>): { said: string; snippets: string } {
  const check = judge(factsWith(...facts)).find((one) => one.id === id);
  return {
    said: check === undefined ? 'absent' : `${check.state}: ${check.words}`,
    snippets: check?.mend?.snippets.map(({ text }) => text).join('\n') ?? '',
  };
}

describe('the checks of a complete installation', () => {
  it('are all in order, in the order of mending, and offer nothing to mend', () => {
    const checks = judge(factsWith());
    expect(checks.map(({ id, state }) => `${id} ${state}`)).toEqual([
      ...['data-source ok', 'exporter ok', 'probes ok', 'account ok', 'apps ok', 'rules ok', 'delivery ok'],
      'interval ok',
    ]);
    expect(checks.filter(({ mend }) => mend !== undefined)).toEqual([]);
  });
});

describe('the check of the data source', () => {
  it('tells the version of Prometheus, or that it is not told', () => {
    expect(told('data-source').said).toBe('ok: Prometheus answers: Prometheus 3.5.0.');
    expect(told('data-source', {}, { serverVersion: undefined }).said).toContain('does not tell its version');
  });

  it('refuses another type by name', () => {
    const dataSource = { uid: 'l', name: 'Logs', type: 'loki', isDefault: false, timeInterval: undefined };
    expect(told('data-source', {}, { dataSource }).said).toContain(
      'missing: Logs is a data source of the type loki',
    );
  });

  it('cannot tell for a user without permission, and says whom to ask', () => {
    expect(told('data-source', {}, { alive: failed('forbidden') }).said).toMatch(/^unknown: .*administrator/);
  });

  it('says what came back from a server that cannot be reached', () => {
    const { said } = told('data-source', {}, { alive: failed('unreachable', 'connection refused') });
    expect(said).toMatch(/^missing: .*URL.*connection refused/);
  });
});

describe('the check of the exporter', () => {
  it('offers to start and to scrape one where there never was any', () => {
    const { said, snippets } = told('exporter', { exporters: [], exportersSeen: [] });
    expect(said).toBe('missing: This Prometheus has no metrics of fal-exporter.');
    expect(snippets).toContain('docker compose up');
    expect(snippets).toContain('job_name: fal-exporter');
  });

  it('knows one that is gone from one that was never there', () => {
    expect(told('exporter', { exporters: [] }).said).toContain(
      'in the last day, at exporter:10464, and is gone',
    );
  });

  it('knows a target that does not answer', () => {
    const { said } = told('exporter', { exporters: [], targetsDown: [sample(AT, 0)] });
    expect(said).toContain('cannot reach it: exporter:10464');
  });

  it('says which metrics an older exporter does not have', () => {
    const families = NEEDED_ALWAYS.map((name) => sample({ __name__: name }));
    const { said, snippets } = told('exporter', {
      families,
      exporters: [sample({ ...AT, version: '0.0.9' })],
    });
    expect(said).toContain(
      'old: fal-exporter 0.0.9 is older than this plugin needs. It does not have: fal_verdict, ',
    );
    expect(snippets).toContain('--build exporter');
  });

  it('does not miss what only probes of models bring where there are none', () => {
    const families = NEEDED_ALWAYS.map((name) => sample({ __name__: name }));
    expect(told('exporter', { families, modelProbes: [] }).said).toMatch(/^ok/);
  });

  it('says loudly, and first, that the data are simulated', () => {
    const checks = judge(factsWith({ demo: [sample(AT, 1)] }));
    expect(checks[0]).toMatchObject({ title: 'DEMO: simulated data', state: 'attention' });
    expect(checks[0]?.words).toContain('exporter:10464');
  });
});

describe('the check of the account', () => {
  it('asks for an ADMIN key where there is no balance', () => {
    const { said, snippets } = told('account', { balances: [] });
    expect(said).toMatch(/^missing: .*ADMIN/);
    expect(snippets).toContain('FAL_ADMIN_KEY');
  });

  it.each([
    ['young enough at three intervals', 900, 400, 'ok'],
    ['too old beyond fifteen minutes and three intervals', 901, 60, 'old'],
    ['measured against a long interval', 10_000, 3600, 'ok'],
    ['too old for a long interval', 10_801, 3600, 'old'],
  ])('calls a balance %s (%i s of %i s): %s', (_, age, interval, state) => {
    const change = { balanceAge: [sample(AT, age)], balanceInterval: [sample(AT, interval)] };
    expect(told('account', change).said).toMatch(new RegExp(`^${state}`));
  });

  it('takes the clock of a server that is ahead for no age below zero', () => {
    expect(told('account', { balanceAge: [sample(AT, -4)] }).said).toContain('read 0 ms ago');
  });
});

describe('the check of the probes', () => {
  it('offers a first probe where none is configured', () => {
    const { said, snippets } = told('probes', { probes: [] });
    expect(said).toMatch(/^missing/);
    expect(snippets).toContain('endpoint_id: fal-ai/flux/schnell');
  });

  it('names those that stand still', () => {
    expect(told('probes', { probesLate: [sample({ probe: 'kling' }, 4000)] }).said).toBe(
      'old: Not run for three of their intervals: kling.',
    );
  });

  it('is patient with probes that wait for their first run', () => {
    expect(told('probes', { probesRun: [] }).said).toContain('ok: 0 of 1 have run');
  });
});

describe('the check of the apps', () => {
  it('offers the line of the instrumentation where no app is measured', () => {
    const { said, snippets } = told('apps', { apps: [], appsSeen: [] });
    expect(said).toMatch(/^missing: No app/);
    expect(snippets).toContain('node --import opentelemetry-instrumentation-fal/register app.js');
    expect(snippets).toContain('9464');
  });

  it('names an app whose metrics stopped', () => {
    expect(told('apps', { apps: [] }).said).toContain('metrics of shop in the last day');
  });

  it('tells the version of the instrumentation where it is known', () => {
    expect(told('apps').said).toBe('ok: Measured: shop (models: 3; instrumentation 0.1.0).');
    expect(told('apps', { apps: [sample({ job: 'shop' })] }).said).toBe('ok: Measured: shop (models: 3).');
  });
});

describe('the check of the rules', () => {
  it('says that nobody will be told where there are none', () => {
    const { said, snippets } = told('rules', {}, { rules: answered([rule('SomebodyElses')]) });
    expect(said).toMatch(/^missing: None of the alerts/);
    expect(snippets).toContain('rule_files');
  });

  it('accepts those that Grafana evaluates itself', () => {
    const grafanaRules = answered(OUR_ALERTS.map((name) => rule(name)));
    expect(told('rules', {}, { rules: answered([]), grafanaRules }).said).toContain('are loaded by Grafana');
  });

  it('warns of alerts that would come twice', () => {
    const grafanaRules = answered([rule('FalErrorRateHigh')]);
    expect(told('rules', {}, { grafanaRules }).said).toContain('every alert comes twice');
  });

  it('counts and names those that are missing', () => {
    const rules = answered(OUR_ALERTS.slice(1).map((name) => rule(name)));
    const all = OUR_ALERTS.length;
    expect(told('rules', {}, { rules }).said).toBe(
      `old: ${all - 1} of ${all} alerts are loaded by Prometheus. Missing: ${OUR_ALERTS[0]}.`,
    );
  });

  it('names those that Prometheus cannot evaluate', () => {
    const rules = answered(OUR_ALERTS.map((name) => rule(name, name === 'FalTimeouts' ? 'err' : 'ok')));
    expect(told('rules', {}, { rules }).said).toBe('attention: Prometheus cannot evaluate: FalTimeouts.');
  });

  it('admits what a user without permission cannot see', () => {
    const { said } = told('rules', {}, { rules: answered([]), grafanaRules: failed('forbidden') });
    expect(said).toContain('cannot be seen with your permissions');
    expect(told('rules', {}, { rules: failed('not_found') }).said).toMatch(/^unknown/);
  });
});

describe('the check of the way to the pager', () => {
  const quiet = { delivered: [] };

  it('finds Prometheus without an Alertmanager', () => {
    const { said, snippets } = told('delivery', quiet, { alertmanagers: answered(0) });
    expect(said).toMatch(/^missing/);
    expect(snippets).toContain('pagerduty_routing_key');
  });

  it('asks for a drill where nothing was ever delivered', () => {
    const { said, snippets } = told('delivery', quiet);
    expect(said).toMatch(/^attention: .*\(1\)/);
    expect(snippets).toContain('drill outage --synthetic');
  });

  it('prefers a failure of the last hour to successes before', () => {
    const { said } = told('delivery', { undelivered: [sample({ integration: 'pagerduty' })] });
    expect(said).toBe('attention: Alertmanager failed to deliver in the last hour: pagerduty.');
  });

  it('leaves Grafana’s own alerting to Grafana', () => {
    const grafanaRules = answered([rule('FalErrorRateHigh')]);
    expect(told('delivery', quiet, { rules: answered([]), grafanaRules }).said).toMatch(
      /^unknown: Grafana evaluates/,
    );
  });
});

describe('the check of the scrape interval', () => {
  const source = { uid: 'p', name: 'P', type: 'prometheus', isDefault: true };

  it.each([
    ['15s', 15.2, 'ok'],
    [undefined, 15, 'ok'],
    ['1m', 30, 'ok'],
    [undefined, 60, 'attention'],
    ['10s', 30, 'attention'],
    ['often', 15, 'attention'],
  ])('holds a data source at %s against scrapes every %d s: %s', (timeInterval, seconds, state) => {
    const facts = [
      { scrapeInterval: [sample(AT, seconds)] },
      { dataSource: { ...source, timeInterval } },
    ] as const;
    expect(told('interval', ...facts).said).toMatch(new RegExp(`^${state}`));
  });

  it('offers the setting in whole seconds', () => {
    const facts = [
      { scrapeInterval: [sample(AT, 59.98)] },
      { dataSource: { ...source, timeInterval: undefined } },
    ] as const;
    expect(told('interval', ...facts).snippets).toBe('jsonData:\n  timeInterval: 60s\n');
  });

  it('waits for the second scrape', () => {
    expect(told('interval', { scrapeInterval: [] }).said).toMatch(/^unknown: Not known before/);
  });
});

describe('the checks of a data source that does not answer', () => {
  it('say of everything that it cannot be told, and once why', () => {
    const all = Object.fromEntries(Object.keys(QUESTIONS).map((name) => [name, failed('timeout')]));
    const none = { alive: failed('timeout'), rules: failed('timeout'), alertmanagers: failed('timeout') };
    const checks = judge(factsWith(all, none));
    expect(checks.map(({ state }) => state)).toEqual(checks.map(() => 'unknown'));
    const [first, ...others] = checks.map(({ words }) => words);
    expect(first).toContain('No answer in time');
    for (const words of others) expect(words).toBe('Not asked: the data source does not answer.');
  });
});

describe('the checks of whatever is found', () => {
  it('show names as they are, in any of the texts, however long the list', () => {
    const probes = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(probes, (names) => {
        const { said } = told('probes', { probesLate: names.map((probe) => sample({ probe })) });
        expect(said).toContain([...new Set(names)].sort()[0]);
      }),
    );
  });

  it('escape nothing: React does, and twice would be wrong', () => {
    const probesLate = [sample({ probe: '<script>alert("a/b")</script>' })];
    expect(told('probes', { probesLate }).said).toContain('<script>alert("a/b")</script>');
  });
});
