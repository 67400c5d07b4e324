import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountsOf, commonAlerts } from './accounts.ts';
import { evidenceOf, sample, verdict } from './evidence.builder.ts';
import { QUESTIONS } from './questions.ts';

const FLUX = { account: 'production', endpoint_id: 'fal-ai/flux/dev' };

describe('accountsOf', () => {
  it('finds an account by anything that is known of it, in order of the names', () => {
    const evidence = evidenceOf({
      verdicts: [verdict('m', 'ok', 'zebra')],
      balances: [sample({ account: 'ant' }, 1)],
      locks: [sample({ account: 'bee', reason: 'unknown' }, 0)],
    });
    expect(accountsOf(evidence).map(({ name }) => name)).toEqual(['ant', 'bee', 'zebra']);
  });

  it('finds none in nothing', () => expect(accountsOf(evidenceOf({}))).toEqual([]));

  it('puts the worst model on top: by verdict, then by failures, then by name', () => {
    const [account] = accountsOf(
      evidenceOf({
        verdicts: [
          verdict('b', 'ok'),
          verdict('a', 'ok'),
          verdict('m', 'model'),
          verdict('p', 'platform'),
          verdict('c', 'ok'),
        ],
        appRatio: [sample({ account: 'production', endpoint_id: 'c' }, 0.1)],
      }),
    );
    expect(account?.models.map(({ endpointId }) => endpointId)).toEqual(['p', 'm', 'c', 'a', 'b']);
  });

  it('puts requests that fail behind the back of the probes above what is merely unclear', () => {
    const failing = (endpointId: string): ReturnType<typeof sample> =>
      sample({ account: 'production', endpoint_id: endpointId }, 0.5);
    const [account] = accountsOf(
      evidenceOf({
        verdicts: [verdict('unclear', 'unknown'), verdict('sick', 'ok'), verdict('app', 'app')],
        appRatio: [failing('sick')],
        blamed: [sample({ account: 'production', endpoint_id: 'sick' })],
      }),
    );
    expect(account?.models).toMatchObject([
      { endpointId: 'app', isBlamed: false },
      { endpointId: 'sick', isBlamed: true },
      { endpointId: 'unclear', isBlamed: false },
    ]);
  });

  it('takes the numbers of apps where there are some, those of probes where not, and never mixes them', () => {
    const probe = { account: 'production', endpoint_id: 'probed' };
    const [account] = accountsOf(
      evidenceOf({
        appRatio: [sample(FLUX, 0.2)],
        probeRatio: [sample(FLUX, 0.9), sample(probe, 0.4)],
        probeP95: [sample(FLUX, 99), sample(probe, 7)],
      }),
    );
    expect(account?.models).toMatchObject([
      { endpointId: 'probed', source: 'probe', errorRatio: 0.4, p95: 7 },
      { endpointId: 'fal-ai/flux/dev', source: 'app', errorRatio: 0.2, p95: undefined },
    ]);
  });

  it('gives the traffic of apps that name no account to the only account', () => {
    const evidence = evidenceOf({
      verdicts: [verdict('fal-ai/flux/dev', 'ok')],
      appRatio: [sample({ endpoint_id: 'fal-ai/flux/dev' }, 0.5)],
    });
    expect(accountsOf(evidence)).toMatchObject([{ name: 'production', models: [{ errorRatio: 0.5 }] }]);
  });

  it('gives it to the account "default" where there are several', () => {
    const evidence = evidenceOf({
      verdicts: [verdict('m', 'ok', 'a'), verdict('m', 'ok', 'b')],
      appRatio: [sample({ endpoint_id: 'm' }, 0.5)],
    });
    expect(accountsOf(evidence).map(({ name, models }) => [name, models[0]?.errorRatio])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['default', 0.5],
    ]);
  });

  it('takes the worse of two verdicts that two exporters give at once', () => {
    const evidence = evidenceOf({ verdicts: [verdict('m', 'platform'), verdict('m', 'ok')] });
    expect(accountsOf(evidence)[0]?.models).toMatchObject([{ verdict: 'platform' }]);
  });

  it('reads lock and reason; an account of which nothing was seen has no lock at all', () => {
    const lock = (reason: string, value: number): ReturnType<typeof sample> =>
      sample({ account: 'production', reason }, value);
    const locked = evidenceOf({ locks: [lock('user_budget', 0), lock('exhausted_balance', 1)] });
    expect(accountsOf(locked)[0]?.lock).toEqual({
      ...{ isLocked: true, reason: 'exhausted_balance', isContradiction: false },
    });
    const open = evidenceOf({ locks: [lock('user_budget', 0)], balances: [sample({ account: 'other' }, 1)] });
    expect(accountsOf(open).map(({ lock: one }) => one?.isLocked)).toEqual([undefined, false]);
  });

  it.each([
    [3599, 60, true],
    [3601, 60, false],
    [7000, 3600, true],
    [undefined, 60, false],
  ])('trusts a balance that is %s s old, read every %i s: %s', (age, interval, isFresh) => {
    const at = { account: 'production' };
    const evidence = evidenceOf({
      balances: [sample(at, 5)],
      balanceAges: age === undefined ? [] : [sample(at, age)],
      balanceIntervals: [sample(at, interval)],
    });
    expect(accountsOf(evidence)[0]?.money).toMatchObject({ balance: 5, isFresh });
  });

  it('puts three thousand models in order in a blink', () => {
    const verdicts = Array.from({ length: 3000 }, (_, index) => verdict(`fal-ai/m-${index}`, 'ok'));
    const started = performance.now();
    expect(accountsOf(evidenceOf({ verdicts }))[0]?.models).toHaveLength(3000);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('makes something of any labels', () => {
    const labels = fc.dictionary(
      fc.constantFrom('account', 'endpoint_id', 'verdict', 'reason', 'window', 'x'),
      fc.string(),
    );
    const samples = fc.array(fc.record({ labels, value: fc.double({ noNaN: true }) }), { maxLength: 5 });
    const all = fc.record(Object.fromEntries(Object.keys(QUESTIONS).map((question) => [question, samples])));
    fc.assert(
      fc.property(all, (some) => {
        const evidence = evidenceOf(some);
        expect(accountsOf(evidence)).toBeInstanceOf(Array);
      }),
    );
  });
});

describe('commonAlerts', () => {
  it('are those of no account, and those of accounts that nothing else is known of', () => {
    const alert = (alertname: string, more: Record<string, string>): ReturnType<typeof sample> =>
      sample({ alertname, severity: 'warning', ...more });
    const evidence = evidenceOf({
      verdicts: [verdict('m', 'ok')],
      alerts: [
        alert('FalExporterDown', {}),
        alert('FalTimeouts', { account: 'production' }),
        alert('FalWasteHigh', { account: 'gone' }),
      ],
    });
    expect(commonAlerts(evidence).map(({ name }) => name)).toEqual(['FalExporterDown', 'FalWasteHigh']);
    expect(accountsOf(evidence)[0]?.alerts.map(({ name }) => name)).toEqual(['FalTimeouts']);
  });
});
