import { describe, expect, it } from 'vitest';
import { valueOf } from '../prometheus/ask.ts';
import { askWith, failed } from './facts.builder.ts';
import { gatherFacts, QUESTIONS } from './facts.ts';

const SOURCE = { uid: 'p', name: 'P', type: 'prometheus', isDefault: true, timeInterval: undefined };
const VECTOR = {
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: {}, value: [0, '1'] }] },
};
const NO_RULES = { status: 'success', data: { groups: [] } };

describe('gatherFacts', () => {
  it('asks for everything, and reads version, rules and Alertmanagers', async () => {
    const ask = askWith({
      'api/v1/query': VECTOR,
      'api/v1/rules': NO_RULES,
      'api/v1/status/buildinfo': { status: 'success', data: { version: '3.5.0' } },
      'api/v1/alertmanagers': { status: 'success', data: { activeAlertmanagers: [{ url: 'http://a' }] } },
    });
    const facts = await gatherFacts(SOURCE, ask, askWith({ 'api/v1/rules': NO_RULES }));
    expect(facts).toMatchObject({
      serverVersion: '3.5.0',
      alertmanagers: { value: 1 },
      rules: { value: [] },
    });
    expect(Object.keys(facts.answers)).toEqual(Object.keys(QUESTIONS));
    expect(valueOf(facts.answers.apps)).toHaveLength(1);
  });

  it('lives without the pages that only Prometheus itself has', async () => {
    const facts = await gatherFacts(SOURCE, askWith({ 'api/v1/query': VECTOR }), askWith({}));
    expect(facts.serverVersion).toBeUndefined();
    expect(facts.rules).toEqual(failed('not_found'));
    expect(facts.alertmanagers).toEqual(failed('not_found'));
  });

  it('asks a dead server once, and not thirty times more', async () => {
    let asked = 0;
    const dead = (): Promise<ReturnType<typeof failed>> => {
      asked += 1;
      return Promise.resolve(failed('timeout'));
    };
    const facts = await gatherFacts(SOURCE, dead, askWith({}));
    expect(asked).toBe(1);
    expect(facts.answers.demo).toEqual(failed('timeout'));
  });

  it('asks a data source of another type nothing at all', async () => {
    const never = (): never => {
      throw new Error('asked');
    };
    const facts = await gatherFacts({ ...SOURCE, type: 'loki' }, never, askWith({}));
    expect(facts.alive).toEqual(failed('not_prometheus'));
  });
});
