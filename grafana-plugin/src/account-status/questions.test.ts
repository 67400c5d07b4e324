import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../exporter/src/metrics/catalogue.ts';
import { QUESTIONS as SET_UP_QUESTIONS } from '../set-up/facts.ts';
import { QUESTIONS } from './questions.ts';

/** What Prometheus and Alertmanager export themselves. */
const NOT_OURS = new Set([
  'up',
  'ALERTS',
  'ALERTS_FOR_STATE',
  'alertmanager_notifications_total',
  'alertmanager_notifications_failed_total',
]);

function namesIn(expression: string): { names: string[]; errors: number } {
  const names: string[] = [];
  let errors = 0;
  parser.parse(expression).iterate({
    enter: ({ name, type, from, to }) => {
      if (type.isError) errors += 1;
      if (name === 'Identifier') names.push(expression.slice(from, to));
    },
  });
  return { names, errors };
}

describe('the questions of the pages', () => {
  const all = { ...SET_UP_QUESTIONS, ...QUESTIONS };

  it.each(Object.entries(all))('%s is PromQL over metrics of the catalogue', (_, expression) => {
    const { names, errors } = namesIn(expression);
    expect(errors).toBe(0);
    const known = new Set(CATALOGUE.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
    const strangers = names.filter((name) => !known.has(name.replace(/_bucket$/, '')) && !NOT_OURS.has(name));
    expect(strangers).toEqual([]);
  });

  it('use no variable of a dashboard: a page has none', () => {
    for (const expression of Object.values(all)) expect(expression).not.toContain('$');
  });
});
