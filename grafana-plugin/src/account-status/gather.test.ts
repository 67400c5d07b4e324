import { describe, expect, it } from 'vitest';
import type { Ask } from '../prometheus/ask.ts';
import { gatherEvidence } from './gather.ts';
import { QUESTIONS } from './questions.ts';

const NO_RULES = { status: 'success', data: { groups: [] } };

/** Answers every query with one series of the given labels, except those that `fails` names. */
function prometheus(fails: readonly string[] = []): Ask {
  return (path, parameters) => {
    if (path === 'api/v1/rules') return Promise.resolve({ kind: 'answered', value: NO_RULES });
    const query = parameters?.query ?? '';
    if (fails.includes(query))
      return Promise.resolve({ kind: 'failed', failure: { kind: 'refused', detail: 'no' } });
    const result = [{ metric: { query }, value: [0, '1'] }];
    return Promise.resolve({
      kind: 'answered',
      value: { status: 'success', data: { resultType: 'vector', result } },
    });
  };
}

describe('gatherEvidence', () => {
  it('puts each answer under its question', async () => {
    const answer = await gatherEvidence(prometheus(), prometheus(), () => 7);
    if (answer.kind === 'failed') throw new Error('expected evidence');
    expect(answer.value.at).toBe(7);
    for (const [question, expression] of Object.entries(QUESTIONS)) {
      expect(answer.value.samples[question as keyof typeof QUESTIONS]).toEqual([
        { labels: { query: expression }, value: 1 },
      ]);
    }
  });

  it('goes on without a question that is refused, and says which', async () => {
    const answer = await gatherEvidence(prometheus([QUESTIONS.burns]), prometheus(), () => 0);
    expect(answer).toMatchObject({
      kind: 'answered',
      value: { failed: [{ question: 'burns', failure: { kind: 'refused' } }], samples: { burns: [] } },
    });
  });

  it('stops at once where the first question fails', async () => {
    const answer = await gatherEvidence(prometheus([QUESTIONS.verdicts]), prometheus(), () => 0);
    expect(answer).toEqual({ kind: 'failed', failure: { kind: 'refused', detail: 'no' } });
  });
});
