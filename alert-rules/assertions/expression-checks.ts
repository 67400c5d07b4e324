import { EXPORTED, isAlert, type Situation } from './pack-facts.ts';
import {
  callNamesOf,
  childrenOf,
  durationsOf,
  type Expression,
  functionsAround,
  nodesOf,
  operandsOf,
  parsePromql,
  type Selector,
  selectorsOf,
  syntaxErrors,
  textOf,
} from './promql-tree.ts';

/** What is wrong with a rule; empty when nothing is. */
export type Check = (situation: Situation) => string[];

const SCRAPE_SECONDS = 15;
const RETENTION_SECONDS = 30 * 86_400;
const COUNTER_FUNCTIONS = new Set(['rate', 'increase', 'resets', 'irate']);
const COMPARISONS = ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq'];
const REGEX_OPERATORS = new Set(['=~', '!~']);

/** Functions under which a counter may stand bare: they ask whether it is there, or what it was. */
const PRESENCE = new Set([
  'absent',
  'absent_over_time',
  'count',
  'group',
  'last_over_time',
  'present_over_time',
]);

const ofSelectors =
  (
    complaint: (selector: Selector, expression: Expression, situation: Situation) => string | undefined,
  ): Check =>
  (situation) => {
    const expression = parsePromql(situation.rule.expr);
    return selectorsOf(expression).flatMap((selector) => complaint(selector, expression, situation) ?? []);
  };

export const EXPRESSION_CHECKS: Readonly<Record<string, Check>> = {
  'is PromQL': ({ rule }) => syntaxErrors(parsePromql(rule.expr)).map((text) => `cannot read ${text}`),

  'compares, or asks whether something is absent': ({ rule }) => {
    if (!isAlert(rule) || rule.alert === 'Watchdog') return [];
    const expression = parsePromql(rule.expr);
    const compares = nodesOf(expression, ...COMPARISONS).length > 0;
    return compares || callNamesOf(expression).includes('absent') ? [] : ['fires on whatever there is'];
  },

  'waits two scrapes before something counts as absent': ({ rule }) => {
    if (!isAlert(rule) || !callNamesOf(parsePromql(rule.expr)).some((name) => name.startsWith('absent')))
      return [];
    return rule.forSeconds >= 2 * SCRAPE_SECONDS ? [] : [`absent for ${rule.forSeconds}s is a restart`];
  },

  'reads only what is exported or recorded before it': ofSelectors(({ metric }, _, { recordedBefore }) => {
    if (EXPORTED.has(metric) || recordedBefore.has(metric)) return undefined;
    return metric.includes(':') ? `${metric} is not recorded before` : `nothing exports ${metric}`;
  }),

  'asks every exported series for its job': ofSelectors(({ metric, matchers }) =>
    metric.includes(':') || matchers.some(({ label }) => label === 'job')
      ? undefined
      : `${metric} of any job`,
  ),

  'takes rates of counters only': ofSelectors(({ metric, node }, expression) => {
    const name = functionsAround(expression, node)[0] ?? '';
    return COUNTER_FUNCTIONS.has(name) && !isCounter(metric) ? `${name} of the gauge ${metric}` : undefined;
  }),

  'never compares a bare counter': ofSelectors(({ metric, node }, expression) => {
    if (!isCounter(metric) || metric.includes(':')) return undefined;
    const around = functionsAround(expression, node);
    const isRate = around.some((name) => COUNTER_FUNCTIONS.has(name) || PRESENCE.has(name));
    const isPresence = isBorn(expression, node) || isAskedForPresence(expression, node);
    return isRate || isPresence ? undefined : `${metric} itself tells only the age of its process`;
  }),

  'takes rates over at least four scrapes': ofSelectors(({ metric, rangeSeconds, node }, expression) => {
    const name = functionsAround(expression, node)[0] ?? '';
    if (rangeSeconds === undefined || !COUNTER_FUNCTIONS.has(name)) return undefined;
    return rangeSeconds >= 4 * SCRAPE_SECONDS ? undefined : `${name} of ${metric} over ${rangeSeconds}s`;
  }),

  'has no fragile or costly function': ({ rule }) =>
    callNamesOf(parsePromql(rule.expr))
      .filter((name) =>
        ['topk', 'bottomk', 'limitk', 'limit_ratio', 'quantile', 'irate', 'count_values'].includes(name),
      )
      .map((name) => `${name} picks other series at every evaluation`),

  'has regular expressions only where they match several values': ({ rule }) => {
    const matchers = selectorsOf(parsePromql(rule.expr)).flatMap((selector) => selector.matchers);
    return matchers.flatMap(({ label, op, value }) => {
      if (!REGEX_OPERATORS.has(op)) return [];
      if (/^\^|\$$/.test(value)) return [`${label}${op}"${value}" is anchored anyway`];
      // A job is the users' to choose, name or pattern.
      return label === 'job' || /[|.*+?[\]()]/.test(value) ? [] : [`${label}${op}"${value}" is no pattern`];
    });
  },

  'looks back less far than data is kept': ({ rule }) =>
    durationsOf(parsePromql(rule.expr))
      .filter((seconds) => seconds >= RETENTION_SECONDS)
      .map((seconds) => `looks back ${seconds / 86_400} days`),

  'divides only by what is above zero': ({ rule }) => {
    const expression = parsePromql(rule.expr);
    return divisorsOf(expression)
      .filter((text) => !/^[\d.]+$|>= [1-9]\d*\)*$|> \d+\)*$|^count\b/.test(text))
      .map((text) => `divides by ${text}`);
  },

  'joins sides that have the same labels': ({ facts }) => [...new Set(facts.mismatches)],
};

function divisorsOf(expression: Expression): string[] {
  const divisions = nodesOf(expression, 'BinaryExpr').filter((node) => childrenOf(node)[1]?.name === 'Div');
  return divisions.flatMap((node) => {
    const divisor = operandsOf(node)[1];
    return divisor === undefined ? [] : [textOf(expression, divisor).trim()];
  });
}

function isCounter(metric: string): boolean {
  return /_(total|bucket|count|sum)$/.test(metric);
}

/** `series unless series offset 15m`: what was born in between counts from zero, and `increase` cannot see it. */
function isBorn(expression: Expression, selector: Selector['node']): boolean {
  const [left, right] = selector.parent?.name === 'BinaryExpr' ? operandsOf(selector.parent) : [];
  if (left?.from !== selector.from || right === undefined) return false;
  return textOf(expression, right).startsWith(`(${textOf(expression, selector)} offset `);
}

/** Behind `unless` and `and` only the presence counts, and `>= 0` is true for whatever there is. */
function isAskedForPresence(expression: Expression, selector: Selector['node']): boolean {
  for (let node = selector; node.parent !== null; node = node.parent) {
    const { parent } = node;
    if (parent.name !== 'BinaryExpr') continue;
    const operator = childrenOf(parent)[1]?.name ?? '';
    const isRight = operandsOf(parent)[1]?.from === node.from;
    if (['Unless', 'And'].includes(operator) && isRight) return true;
    if (operator === 'Gte' && textOf(expression, parent).trimEnd().endsWith('>= 0')) return true;
  }
  return false;
}
