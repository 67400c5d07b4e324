import { type Answer, type Ask, valueOf } from '../prometheus/ask.ts';
import type { Failure } from '../prometheus/failure.ts';
import { askAll, perQuestion } from '../prometheus/questions.ts';
import { type AlertingRule, alertingRules } from '../prometheus/rules.ts';
import { instant, type Sample } from '../prometheus/sample.ts';
import { type Question, QUESTIONS } from './questions.ts';

/** What Prometheus said, all of it at about the same time. */
export interface Evidence {
  /** Unix milliseconds of our own clock. */
  readonly at: number;
  /** The samples by question; none where a question found no answer. */
  readonly samples: Readonly<Record<Question, readonly Sample[]>>;
  /** The rules of Prometheus and those of Grafana, as far as they could be read. */
  readonly rules: readonly AlertingRule[];
  /** Questions that found no answer: what they are about is unknown, not well. */
  readonly failed: readonly { readonly question: Question; readonly failure: Failure }[];
}

/** Asks everything at once. Where the first question is not answered the page has nothing to say, but why. */
export async function gatherEvidence(
  ask: Ask,
  askGrafana: Ask,
  now: () => number,
): Promise<Answer<Evidence>> {
  const { verdicts: first, ...others } = QUESTIONS;
  const verdicts = await instant(ask, first);
  if (verdicts.kind === 'failed') return verdicts;
  const [answers, rules, grafanaRules] = await Promise.all([
    askAll(ask, others),
    alertingRules(ask),
    alertingRules(askGrafana),
  ]);
  const evidence: Evidence = {
    at: now(),
    samples: { verdicts: verdicts.value, ...perQuestion(answers, (answer) => valueOf(answer) ?? []) },
    rules: [...(valueOf(rules) ?? []), ...(valueOf(grafanaRules) ?? [])],
    failed: Object.entries(answers).flatMap(([question, answer]) =>
      answer.kind === 'failed' ? [{ question: question as Question, failure: answer.failure }] : [],
    ),
  };
  return { kind: 'answered', value: evidence };
}
