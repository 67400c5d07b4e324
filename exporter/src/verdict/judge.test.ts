import { type ErrorType, faultOf, isFailure, outcomeOf } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import type { EndpointWitness, HostWitness, RunWitness, VerdictInput } from './input.ts';
import { judge } from './judge.ts';
import type { Verdict } from './verdict.ts';

const NOW = Date.UTC(2026, 10, 21, 14, 15);
const MINUTE = 60_000;

type Told = 'ok' | ErrorType | { readonly seconds: number };

/** Runs a minute apart, the newest ten seconds ago. */
function runs(told: readonly Told[]): RunWitness[] {
  return told.map((one, index) => {
    const at = NOW - 10_000 - (told.length - 1 - index) * MINUTE;
    if (one === 'ok') return { at, kind: 'ok', tier: 'inference', outcome: 'ok', durationSeconds: 2 };
    if (typeof one === 'object')
      return { at, kind: 'ok', tier: 'inference', outcome: 'ok', durationSeconds: one.seconds };
    const fault = faultOf(one);
    const kind = isFailure(one) ? 'failure' : fault === 'account' ? 'account' : 'app';
    return {
      at,
      kind,
      tier: 'inference',
      outcome: outcomeOf(one),
      durationSeconds: 2,
      errorType: one,
      fault,
    };
  });
}

function model(id: string, told: readonly Told[], traits: Partial<EndpointWitness> = {}): EndpointWitness {
  return {
    ...{ id, latencyLimitSeconds: 60, ageSeconds: 10, intervalSeconds: 60, freshForSeconds: 225 },
    runs: runs(told),
    ...traits,
  };
}

const OK: readonly Told[] = ['ok', 'ok', 'ok', 'ok', 'ok'];
const failing = (type: ErrorType): Told[] => ['ok', 'ok', type, type, type];

function host(name: string, up: boolean, traits: Partial<HostWitness> = {}): HostWitness {
  return { host: name, up, at: NOW, since: NOW - 5 * MINUTE, hasChanged: true, isStale: false, ...traits };
}

const HOSTS_UP = ['queue.fal.run', 'fal.run', 'rest.fal.ai', 'api.fal.ai'].map((name) => host(name, true));

function input(endpoints: readonly EndpointWitness[], rest: Partial<VerdictInput> = {}): VerdictInput {
  return { endpoints, gateways: [], hosts: HOSTS_UP, account: {}, ...rest };
}

const overall = (endpoints: readonly EndpointWitness[], rest?: Partial<VerdictInput>): Verdict =>
  judge(input(endpoints, rest)).overall;

describe('one model beside others', () => {
  it('that fails while they answer is at fault itself, for sure', () => {
    const { overall, endpoints } = judge(
      input([model('o/a', failing('internal_server_error')), model('o/b', OK), model('o/c', OK)]),
    );
    expect(overall).toMatchObject({ verdict: 'model', confidence: 0.9, endpointIds: ['o/a'] });
    expect(overall.since).toBe(NOW - 10_000 - 2 * MINUTE);
    expect(overall.evidence.join(' ')).toMatch(
      /3 of the last 5 runs failed.*2 other models answer.*this model alone/,
    );
    expect(endpoints.map(({ verdict }) => verdict)).toEqual(['model', 'ok', 'ok']);
  });

  it('that fails before the others were asked again is not told apart from a fault of all', () => {
    const unheard = model('o/b', OK, { runs: runs(OK).map((run) => ({ ...run, at: run.at - 4 * MINUTE })) });
    expect(overall([model('o/a', failing('internal_error')), unheard])).toMatchObject({
      verdict: 'unknown',
      cause: 'cannot_tell',
    });
  });

  it.each<[string, ErrorType]>([
    ['times out at our own deadline', 'client_timeout'],
    ['loses its connections', 'network_error'],
    ['answers garbage', 'invalid_json'],
  ])('that %s is accused, but not for sure', (_what, type) => {
    const verdict = overall([model('o/a', failing(type)), model('o/b', OK), model('o/c', OK)]);
    expect(verdict).toMatchObject({ verdict: 'model', confidence: 0.7 });
  });

  it('whose others are only probed by a submit is not accused for sure', () => {
    const gateOnly = model('o/b', OK, { runs: runs(OK).map((run) => ({ ...run, tier: 'queue' })) });
    expect(overall([model('o/a', failing('internal_error')), gateOnly])).toMatchObject({
      verdict: 'model',
      confidence: 0.55,
    });
  });

  it('is no more accused for sure once its newest run was good', () => {
    const recovering = model('o/a', ['internal_error', 'internal_error', 'internal_error', 'ok'], {
      failingSince: NOW - 20 * MINUTE,
    });
    const { endpoints } = judge(input([recovering, model('o/b', OK), model('o/c', OK)]));
    expect(endpoints[0]).toMatchObject({ verdict: 'model', since: NOW - 20 * MINUTE });
    expect(endpoints[0]?.confidence).toBeLessThan(0.8);
  });

  it('that is slower than its limit, and was not before, is at fault', () => {
    const slow = model('o/a', ['ok', 'ok', 'ok', { seconds: 70 }, { seconds: 80 }]);
    expect(overall([slow, model('o/b', OK)])).toMatchObject({
      verdict: 'model',
      cause: 'slow',
      confidence: 0.85,
    });
    const everSlow = model('o/a', [{ seconds: 70 }, { seconds: 75 }, { seconds: 80 }]);
    expect(overall([everSlow, model('o/b', OK)])).toMatchObject({ verdict: 'model', confidence: 0.55 });
  });

  it('that is slow while the account meets its limits is not accused for sure', () => {
    const slow = model('o/a', ['ok', 'ok', 'ok', { seconds: 70 }, { seconds: 80 }]);
    const limited = model('o/b', ['ok', 'ok', 'ok', 'ok', 'concurrent_requests_limit']);
    expect(overall([slow, limited, model('o/c', OK)]).confidence).toBeLessThan(0.8);
  });
});

describe('fal as a whole', () => {
  const outage = [model('o/a', failing('internal_error')), model('o/b', failing('runner_disconnected'))];

  it('is at fault for sure when every model fails with errors that fal calls its own', () => {
    expect(overall(outage)).toMatchObject({ verdict: 'platform', cause: 'most_failing', confidence: 0.95 });
  });

  it('is at fault when fal’s own errors are seen on several of many models, though not for sure', () => {
    const many = ['c', 'd', 'e', 'f', 'g', 'h'].map((name) => model(`o/${name}`, OK));
    const { overall, endpoints } = judge(input([...outage, ...many]));
    expect(overall).toMatchObject({ verdict: 'platform', confidence: 0.7, endpointIds: ['o/a', 'o/b'] });
    expect(endpoints.at(-1)).toMatchObject({ verdict: 'ok' });
  });

  it('is not accused for sure when all that is known is that jobs wait in vain', () => {
    const waiting = (id: string): EndpointWitness =>
      model(id, [], { runs: runs(failing('client_timeout')).map((run) => ({ ...run, reached: 'queue' })) });
    const verdict = overall([waiting('o/a'), waiting('o/b')]);
    expect(verdict).toMatchObject({ verdict: 'platform', confidence: 0.55 });
    expect(verdict.evidence.join(' ')).toMatch(/your account’s slots are all taken/);
  });

  it('is at fault when a host that carries the models is down beside others that are up', () => {
    const hosts = [host('queue.fal.run', false, { fault: 'network' }), ...HOSTS_UP.slice(1)];
    const verdict = overall([model('o/a', failing('network_error'))], { hosts });
    expect(verdict).toMatchObject({ verdict: 'platform', cause: 'host_down', confidence: 0.85 });
    const neverUp = [
      host('queue.fal.run', false, { fault: 'network', hasChanged: false }),
      ...HOSTS_UP.slice(1),
    ];
    expect(overall([model('o/a', failing('network_error'))], { hosts: neverUp }).confidence).toBe(0.55);
  });

  it('is at fault for a host that models do not need, while the models stay ok', () => {
    const hosts = [...HOSTS_UP.slice(0, 3), host('api.fal.ai', false, { fault: 'platform' })];
    const { overall, endpoints } = judge(input([model('o/a', OK)], { hosts }));
    expect(overall).toMatchObject({ verdict: 'platform', cause: 'host_down' });
    expect(endpoints[0]).toMatchObject({ verdict: 'ok' });
  });

  it('is not accused for a host that was down at a single look', () => {
    const hosts = [...HOSTS_UP.slice(0, 3), host('api.fal.ai', false, { since: NOW })];
    expect(overall([model('o/a', OK)], { hosts })).toMatchObject({ verdict: 'ok' });
  });

  it('is accused a little more surely when its status page agrees, and never because of the page alone', () => {
    const statusPage = {
      host: 'status.fal.ai',
      answeredAt: NOW,
      isUnreadable: false,
      incidents: ['Slow GPUs'],
    };
    const sick = [model('o/a', failing('internal_server_error')), model('o/b', OK)];
    expect(overall(sick, { statusPage }).confidence).toBeCloseTo(overall(sick).confidence + 0.05, 5);
    const well = overall([model('o/b', OK)], { statusPage });
    expect(well).toMatchObject({ verdict: 'ok', confidence: 0.95 });
    expect(well.evidence.join(' ')).toMatch(/“Slow GPUs”.*not felt here/);
  });
});

describe('a lone model', () => {
  it.each<[ErrorType, string]>([
    ['internal_error', 'platform'],
    ['internal_server_error', 'model'],
    ['client_timeout', 'unknown'],
    ['invalid_json', 'unknown'],
  ])('that fails with %s is judged by that alone: %s, and never for sure', (type, expected) => {
    const verdict = overall([model('o/a', failing(type))]);
    expect(verdict.verdict).toBe(expected);
    expect(verdict.confidence).toBeLessThan(0.6);
    expect(verdict.evidence.join(' ')).toMatch(/only model probed/);
  });
});

describe('when nothing comes back from anywhere', () => {
  const hosts = HOSTS_UP.map(({ host: name }) => host(name, false, { fault: 'network' }));
  const cut = [model('o/a', failing('network_error')), model('o/b', failing('network_error'))];
  const page = (answeredAt: number | undefined, isUnreadable: boolean): Partial<VerdictInput> => ({
    hosts,
    statusPage: { host: 'status.fal.ai', answeredAt, isUnreadable, incidents: [] },
  });

  it('the network here and fal’s edge look the same', () => {
    expect(overall(cut, { hosts })).toMatchObject({ verdict: 'unknown', cause: 'unreachable' });
  });

  it('the status page, which stands elsewhere, tells them apart, though not for sure', () => {
    expect(overall(cut, page(NOW, false))).toMatchObject({ verdict: 'platform', confidence: 0.7 });
    expect(overall(cut, page(NOW - 30 * MINUTE, true))).toMatchObject({ verdict: 'app', confidence: 0.55 });
    expect(overall(cut, page(NOW - 30 * MINUTE, false))).toMatchObject({ verdict: 'unknown' });
  });

  it('an answer of any kind proves the way', () => {
    const refused = model('o/c', ['ok', 'ok', 'ok', 'ok', 'validation_error']);
    expect(overall([...cut, refused], { hosts: [] }).cause).not.toBe('unreachable');
  });
});

describe('the account', () => {
  it('is the cause for sure when it is locked, and less so when that was long ago', () => {
    const lock = { reason: 'exhausted_balance', since: NOW - MINUTE, isFresh: true } as const;
    expect(overall([model('o/a', OK)], { account: { lock } })).toMatchObject({
      verdict: 'account',
      confidence: 0.95,
    });
    const old = { ...lock, isFresh: false };
    expect(overall([model('o/a', OK)], { account: { lock: old } })).toMatchObject({ confidence: 0.7 });
  });

  it('is the cause after two rejections of its key, not after one', () => {
    const account = { keyRejectedSince: NOW - 2 * MINUTE };
    const once = overall([model('o/a', ['ok', 'ok', 'unauthorized'])], { account });
    expect(once).toMatchObject({ verdict: 'ok', cause: 'blip' });
    const twice = overall([model('o/a', ['ok', 'unauthorized', 'unauthorized'])], { account });
    expect(twice).toMatchObject({ verdict: 'account', cause: 'key_rejected', confidence: 0.95 });
  });

  it('holds back every model that met its limit, when several do', () => {
    const storm: Told[] = ['ok', '429', '429', 'ok', '429'];
    const touched: Told[] = ['ok', 'ok', 'ok', '429', 'ok'];
    const { overall, endpoints } = judge(
      input([model('o/a', storm), model('o/b', storm), model('o/c', touched), model('o/d', OK)]),
    );
    expect(overall).toMatchObject({
      verdict: 'account',
      cause: 'limited',
      endpointIds: ['o/a', 'o/b', 'o/c'],
    });
    expect(endpoints.map(({ verdict }) => verdict)).toEqual(['account', 'account', 'account', 'ok']);
    // Spared so far, by luck.
    expect(endpoints.at(-1)?.confidence).toBe(0.7);
  });

  it('may not call one model', () => {
    expect(overall([model('o/a', failing('forbidden')), model('o/b', OK)])).toMatchObject({
      verdict: 'account',
      cause: 'forbidden',
      confidence: 0.85,
    });
  });
});

describe('the app', () => {
  it('is at fault when one model refuses what its probe sends', () => {
    expect(overall([model('o/a', failing('validation_error')), model('o/b', OK)])).toMatchObject({
      verdict: 'app',
      cause: 'input_refused',
      confidence: 0.85,
      endpointIds: ['o/a'],
    });
  });

  it('is less surely at fault when several models begin to refuse what they took before', () => {
    const verdict = overall([
      model('o/a', failing('validation_error')),
      model('o/b', failing('validation_error')),
    ]);
    expect(verdict).toMatchObject({ verdict: 'app', confidence: 0.7 });
  });
});

describe('little or old data', () => {
  it('says nothing about now', () => {
    const old = { ageSeconds: 226 };
    expect(overall([model('o/a', failing('internal_error'), old)])).toMatchObject({
      verdict: 'unknown',
      cause: 'stale',
      confidence: 0,
    });
    expect(overall([model('o/a', OK, old), model('o/b', OK)])).toMatchObject({
      verdict: 'ok',
      confidence: 0.7,
    });
  });

  it('is less and less sure of good news while the next run is late', () => {
    expect(overall([model('o/a', OK)]).confidence).toBe(0.95);
    expect(overall([model('o/a', OK, { ageSeconds: 91 })]).confidence).toBe(0.7);
    expect(overall([model('o/a', ['ok'])]).confidence).toBe(0.7);
  });

  it('is less sure of good news after a single run that was bad or slow', () => {
    for (const told of [
      ['ok', 'ok', 'internal_error', 'ok', 'ok'],
      ['ok', 'ok', 'ok', 'ok', { seconds: 70 }],
    ] as Told[][]) {
      expect(overall([model('o/a', told)])).toMatchObject({ verdict: 'ok', confidence: 0.7 });
    }
    expect(overall([model('o/a', ['ok', 'ok', 'ok', 'ok', 'internal_error'])]).confidence).toBe(0.55);
  });

  it('of one bad run is too little to judge by', () => {
    expect(overall([model('o/a', ['internal_error'])])).toMatchObject({
      verdict: 'unknown',
      cause: 'cannot_tell',
    });
  });

  it('that points at several parties in turn blames none', () => {
    const mixed = model('o/a', ['ok', 'ok', 'internal_error', '429', 'validation_error']);
    expect(overall([mixed, model('o/b', OK)])).toMatchObject({ verdict: 'unknown', cause: 'cannot_tell' });
  });

  it('of the hosts alone is all there is when no model is probed', () => {
    const gateway = model('', OK);
    expect(overall([], { gateways: [gateway] })).toMatchObject({ verdict: 'ok', confidence: 0.7 });
    expect(overall([], { gateways: [{ ...gateway, ageSeconds: 1000 }] })).toMatchObject({
      verdict: 'unknown',
    });
    expect(overall([])).toMatchObject({ verdict: 'unknown', cause: 'no_data' });
  });
});

describe('several troubles at once', () => {
  it('name the widest and mention the others', () => {
    const verdict = overall([
      model('o/a', failing('internal_error')),
      model('o/b', failing('validation_error')),
      model('o/c', OK),
      model('o/d', OK),
    ]);
    expect(verdict).toMatchObject({ verdict: 'model', endpointIds: ['o/a'] });
    expect(verdict.evidence.join(' ')).toMatch(/Besides, b: 3 of the last 5 runs were refused/);
  });
});
