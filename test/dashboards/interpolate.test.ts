import { expect, test } from 'vitest';
import { interpolate, withValues } from './interpolate.ts';

const panel = { id: 1, type: 'timeseries', title: 'x', targets: [] };
const variables = [
  { name: 'job', type: 'query', query: '', value: '.+' },
  { name: 'window', type: 'custom', query: '', value: '5m' },
];
const view = { start: 0, end: 3600, variables };

function promql(expr: string, more: object = {}): string {
  return interpolate({ refId: 'A', expr }, { ...panel, ...more }, view).promql;
}

test('variables are put in however they are written', () => {
  expect(promql('a{job=~"$job"}[$window] b{job=~"${job:regex}"}')).toBe('a{job=~".+"}[5m] b{job=~".+"}');
});

test('a rate looks at four scrapes at least, and at one more than a step', () => {
  expect(promql('[$__rate_interval]')).toBe('[60s]');
  expect(promql('[$__rate_interval]', { maxDataPoints: 20 })).toBe('[315s]');
  expect(promql('[$__range] [$__interval]')).toBe('[3600s] [15s]');
});

test('the least step of a query holds', () => {
  const asked = interpolate({ refId: 'A', expr: 'x', interval: '1h' }, panel, view);
  expect(asked.stepSeconds).toBe(3600);
});

test('groups of label_replace are no variables, and a variable that nobody knows is an error', () => {
  expect(withValues('label_replace(x, "a", "$1", "b", "(.+)")', {})).toContain('"$1"');
  expect(() => withValues('x{a="$b"}', {})).toThrow(/nobody knows the variable \$b/);
});
