import { describe, expect, it } from 'vitest';
import { ALERTS } from '../catalogue.ts';
import { missingKinds } from './coverage.ts';
import type { FiresCase, RuleCase } from './rule-case.ts';
import { packUnderTest, rulesFor } from './rules-under-test.ts';
import { runCases } from './run-cases.ts';
import { traffic } from './series.ts';

const alert = 'FalTimeouts';
const step = 60;
const quiet = traffic([{ minutes: 20, perMinute: { ok: 4, client_timeout: 0 } }], { step });
const noisy = traffic([{ minutes: 20, perMinute: { ok: 4, client_timeout: 1 } }], { step });

const right: RuleCase = { alert, step, kind: 'silent below', name: 'right', series: quiet, until: 1200 };
const loud: RuleCase = { ...right, name: 'not silent at all', series: noisy };
const late: RuleCase = {
  alert,
  step,
  kind: 'resolves',
  name: 'never resolves',
  series: noisy,
  firingAt: 600,
  healedAt: 600,
  resolvesAfter: 300,
};
const mislabelled: FiresCase = {
  alert,
  step,
  kind: 'fires',
  name: 'fires, but with other labels',
  series: noisy,
  faultAt: 0,
  firesAfter: 60,
  firing: [{ labels: { severity: 'critical' }, summary: '', description: '', dashboardUrl: '' }],
};
const early: FiresCase = { ...mislabelled, name: 'fires before it should', firesAfter: 120 };

describe('cases told to promtool', () => {
  it('go wrong one by one, each with what promtool has to say of it', async () => {
    const { failures, others } = await runCases([right, loud, late, mislabelled, early]);

    expect([...failures.keys()].map(({ name }) => name).toSorted()).toEqual(
      [loud, late, mislabelled, early].map(({ name }) => name).toSorted(),
    );
    expect(failures.get(mislabelled)).toContain('severity="critical"');
    expect(failures.get(loud)).toContain('time: 20m');
    expect(others).toEqual([]);
  }, 60_000);

  it('must name moments that are evaluated, or a step of error would go unnoticed', async () => {
    await expect(runCases([{ ...right, until: 90 }])).rejects.toThrow(
      'FalTimeouts silent below: right: 90 s is not a whole number of steps of 60 s',
    );
  });

  it('must be about an alert that exists', async () => {
    await expect(runCases([{ ...right, alert: 'FalTimeout' }])).rejects.toThrow('no alert FalTimeout');
  });
});

describe('the rules that a case is evaluated with', () => {
  it('are the alert of both sources and what it reads, directly or not', () => {
    const names = rulesFor('FalTimeoutsSustained', packUnderTest()).flatMap(({ groups }) =>
      groups.flatMap(({ rules }) => rules.map((rule) => (rule.kind === 'alert' ? rule.alert : rule.record))),
    );
    expect(names.toSorted()).toEqual([
      'FalTimeoutsSustained',
      'FalTimeoutsSustained',
      'endpoint:fal_client_requests:increase15m',
      'endpoint:fal_client_timeouts:increase15m',
      'endpoint:fal_probe_runs:increase15m',
      'endpoint:fal_probe_timeouts:increase15m',
    ]);
  });
});

describe('the story of an alert', () => {
  const definition = ALERTS.find(({ name }) => name === alert);

  it('is incomplete until each source fires, and every other kind is told', () => {
    if (definition === undefined) throw new Error(`no ${alert} in the catalogue`);
    const ofApp = { ...mislabelled, firing: [{ ...mislabelled.firing[0]!, labels: { source: 'app' } }] };

    expect(
      missingKinds(definition, {
        cases: [right, ofApp],
        pack: packUnderTest(),
        exemptions: { [alert]: { 'silent without enough traffic': 'one is enough' } },
      }),
    ).toEqual([
      'FalTimeouts: fires (probe)',
      'FalTimeouts: resolves',
      'FalTimeouts: survives a counter reset',
    ]);
  });
});
