import { perQuestion } from '../prometheus/questions.ts';
import type { Sample } from '../prometheus/sample.ts';
import type { Account, Model } from './account.ts';
import type { Evidence } from './gather.ts';
import { type Question, QUESTIONS } from './questions.ts';

/** Evidence and accounts for tests. */

export function sample(labels: Readonly<Record<string, string>>, value = 1): Sample {
  return { labels, value };
}

/** Evidence with these samples, and none for the other questions. */
export function evidenceOf(
  samples: Partial<Record<Question, readonly Sample[]>>,
  rules: Evidence['rules'] = [],
): Evidence {
  const none = perQuestion(QUESTIONS, () => []);
  return { at: Date.UTC(2026, 10, 21), samples: { ...none, ...samples }, rules, failed: [] };
}

/** The series of a verdict. */
export function verdict(endpointId: string, kind: string, account = 'production'): Sample {
  return sample({ account, endpoint_id: endpointId, verdict: kind });
}

/** A model that is well, but for what is said. */
export function model(endpointId: string, rest: Partial<Model> = {}): Model {
  return {
    ...{ endpointId, verdict: 'ok', lastGood: undefined, isBlamed: false },
    ...{ errorRatio: 0, p95: 2, source: 'app', limit: 60 },
    ...rest,
  };
}

/** An account that is well, of which no money is known, but for what is said. */
export function account(rest: Partial<Account> = {}): Account {
  return {
    name: 'production',
    lock: { isLocked: false, reason: undefined, isContradiction: false },
    money: {
      balance: undefined,
      isFresh: false,
      age: undefined,
      critical: undefined,
      burns: [],
      runway: undefined,
    },
    models: [model('fal-ai/flux/dev')],
    alerts: [],
    ...rest,
  };
}
