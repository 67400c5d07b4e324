import { ERROR_TYPES } from 'opentelemetry-instrumentation-fal/core';
import { packUnderTest } from '../src/cases/rules-under-test.ts';
import { labelsOf } from './labels-of.ts';
import { EXPORTED } from './pack-facts.ts';
import {
  type Expression,
  type Selector,
  namesUnder,
  nodesOf,
  operandsOf,
  parsePromql,
  selectorsOf,
  syntaxErrors,
  textOf,
} from './promql-tree.ts';

/** Series of Prometheus and Alertmanager that only people look at, beside those that rules read. */
const FOREIGN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['scrape_samples_scraped', target()],
  ['alertmanager_notifications_total', target('integration')],
  ['prometheus_rule_group_last_duration_seconds', target('rule_group')],
  ['prometheus_rule_group_interval_seconds', target('rule_group')],
  ['prometheus_notifications_alertmanagers_discovered', target()],
  ['prometheus_notifications_errors_total', target('alertmanager')],
]);

function target(...labels: readonly string[]): ReadonlySet<string> {
  return new Set([...labels, 'job', 'instance']);
}

const RECORDED = new Map(
  packUnderTest()
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .flatMap((rule) => (rule.kind === 'recording' ? [[rule.record, rule.expr] as const] : [])),
);

/** Labels of a series that a person may ask for: exported, recorded, or of Prometheus itself. */
export function labelsOfSeries(metric: string): ReadonlySet<string> | undefined {
  const recorded = RECORDED.get(metric);
  if (recorded === undefined) return EXPORTED.get(metric) ?? FOREIGN.get(metric);
  return labelsOf(recorded, (name) => EXPORTED.get(name), RECORDED).labels;
}

/** What is wrong with a query that somebody is told to paste; empty when it can only work. */
export function complaintsAbout(query: string): string[] {
  const expression = parsePromql(query);
  const errors = syntaxErrors(expression);
  if (errors.length > 0) return [`not PromQL at ${errors.map((error) => `"${error}"`).join(', ')}`];
  const { mismatches } = labelsOf(query, (metric) => labelsOfSeries(metric), RECORDED);
  return [
    ...selectorsOf(expression).flatMap(wrongIn),
    ...groupingsIn(expression),
    ...mismatches,
    ...hiddenHalves(expression),
    ...leftOver(query),
  ];
}

/** A selector without a name has to say in another way what it is about. */
function wrongIn({ metric, matchers }: Selector): string[] {
  if (metric === '') {
    const isBound = matchers.some(({ label, value }) => ['__name__', 'job'].includes(label) && value !== '');
    return isBound ? [] : ['selects every series there is'];
  }
  const labels = labelsOfSeries(metric);
  if (labels === undefined) return [`nobody exports or records ${metric}`];
  return matchers.flatMap(({ label, value }) => [
    ...(labels.has(label) ? [] : [`${metric} has no label ${label}`]),
    ...value
      .split('|')
      .filter((each) => !(VALUES[label] ?? [each]).includes(each))
      .map((each) => `${label} is never ${each}`),
  ]);
}

/** Values of labels that are closed lists. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  error_type: Object.keys(ERROR_TYPES),
  fault: ['app', 'account', 'model', 'platform', 'network', 'unknown'],
  outcome: ['ok', 'error', 'timeout', 'cancelled'],
  verdict: ['ok', 'app', 'account', 'model', 'platform', 'unknown'],
  result: ['ok', 'slow', 'failure', 'refused'],
  state: ['submitting', 'queued', 'running', 'fetching'],
  impact: ['none', 'minor', 'major', 'critical'],
  alertstate: ['pending', 'firing'],
};

/** Labels that are grouped by and that what is grouped does not have. */
function groupingsIn(expression: Expression): string[] {
  return nodesOf(expression, 'AggregateExpr').flatMap((node) => {
    const modifier = node.getChild('AggregateModifier');
    const by = modifier === null ? [] : (namesUnder(expression, modifier, 'By') ?? []);
    const within = selectorsOf(expression).filter(
      (selector) => selector.node.from >= node.from && selector.node.to <= node.to,
    );
    return within.flatMap(({ metric }) =>
      by
        .filter((label) => metric !== '' && label !== '__name__' && !labelsOfSeries(metric)?.has(label))
        .map((label) => `${metric} cannot be grouped by ${label}`),
    );
  });
}

/** Of two rows with the same labels `or` shows the first: rows of app and probes need the job to stand side by side. */
function hiddenHalves(expression: Expression): string[] {
  return nodesOf(expression, 'Or').flatMap(({ parent }) => {
    const [left, right] = (parent === null ? [] : operandsOf(parent)).map(
      (side) => labelsOf(textOf(expression, side), (metric) => labelsOfSeries(metric), RECORDED).labels,
    );
    if (left === undefined || right === undefined || left.has('job')) return [];
    const isSame = left.size === right.size && [...left].every((label) => right.has(label));
    return isSame ? ['one half of `or` can hide the other: keep the job'] : [];
  });
}

/** In a query only these two are to be replaced, and both stand in quotes. */
function leftOver(query: string): string[] {
  const capitals = query.match(/"?\b[A-Z][A-Z_]{3,}\b"?/g) ?? [];
  return capitals
    .filter((word) => !['"ENDPOINT_ID"', '"ACCOUNT"', 'ALERTS'].includes(word))
    .map((word) => `${word} has to be replaced, and nobody says so`);
}
