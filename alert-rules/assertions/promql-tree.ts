import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A parsed PromQL expression with its text: the grammar is Prometheus's own. */
export interface Expression {
  readonly text: string;
  readonly root: SyntaxNode;
}

export interface Matcher {
  readonly label: string;
  readonly op: string;
  readonly value: string;
}

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** Of `[5m]`; undefined for an instant. */
  readonly rangeSeconds?: number | undefined;
  readonly node: SyntaxNode;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  ...{ s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 },
};

const SELECTOR_WITH_OFFSET = /([a-zA-Z_:][\w:]*(?:\{[^}]*\})?(?:\[[^\]]*\])?)\s+offset\s+(-?\w+)/g;

/**
 * Parses an expression. The grammar is made for editors and lets an offset take the whole operation before it,
 * where Prometheus lets it take the selector alone: parentheses around the two make both read the same.
 */
export function parsePromql(text: string): Expression {
  const clear = text.replace(SELECTOR_WITH_OFFSET, '($1 offset $2)');
  return { text: clear, root: parser.parse(clear).topNode };
}

export function textOf({ text }: Expression, { from, to }: SyntaxNode): string {
  return text.slice(from, to);
}

/** Every node of one of these kinds, in the order of the text. */
export function nodesOf({ root }: Expression, ...kinds: readonly string[]): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  root.cursor().iterate(({ name, node }) => {
    if (kinds.includes(name)) found.push(node);
  });
  return found;
}

/** What the grammar could not read. */
export function syntaxErrors(expression: Expression): string[] {
  const errors: string[] = [];
  expression.root.cursor().iterate(({ type, node }) => {
    if (type.isError) errors.push(textOf(expression, node));
  });
  return errors;
}

export function selectorsOf(expression: Expression): Selector[] {
  return nodesOf(expression, 'VectorSelector').map((node) => {
    const identifier = node.getChild('Identifier');
    const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
    const range = matrix?.getChild('DurationExpr') ?? undefined;
    return {
      metric: identifier === null ? '' : textOf(expression, identifier),
      matchers: matchersOf(expression, node),
      rangeSeconds: range === undefined ? undefined : secondsOf(textOf(expression, range)),
      node,
    };
  });
}

function matchersOf(expression: Expression, selector: SyntaxNode): Matcher[] {
  const list = selector.getChild('LabelMatchers');
  return (list?.getChildren('UnquotedLabelMatcher') ?? []).map((matcher) => ({
    label: childText(expression, matcher, 'LabelName'),
    op: childText(expression, matcher, 'MatchOp'),
    value: childText(expression, matcher, 'StringLiteral').slice(1, -1),
  }));
}

/** Ranges, steps and offsets in seconds. */
export function durationsOf(expression: Expression): number[] {
  return nodesOf(expression, 'DurationExpr', 'OffsetDurationExpr').map((node) =>
    secondsOf(textOf(expression, node)),
  );
}

/** Names of functions and of aggregations. */
export function callNamesOf(expression: Expression): string[] {
  return nodesOf(expression, 'FunctionIdentifier', 'AggregateOp').map((node) => textOf(expression, node));
}

/** The functions that a node is an argument of, the innermost first. */
export function functionsAround(expression: Expression, node: SyntaxNode): string[] {
  const names: string[] = [];
  for (let outer = node.parent; outer !== null; outer = outer.parent) {
    if (outer.name === 'FunctionCall') names.push(childText(expression, outer, 'FunctionIdentifier'));
  }
  return names;
}

/** The expressions that a node is made of: arguments, operands, what stands in parentheses. */
export function operandsOf(node: SyntaxNode): SyntaxNode[] {
  const body = node.getChild('FunctionCallBody') ?? node;
  return childrenOf(body).filter(({ name }) => OPERANDS.has(name));
}

const OPERANDS = new Set([
  ...['AggregateExpr', 'BinaryExpr', 'FunctionCall', 'MatrixSelector', 'NumberDurationLiteral', 'OffsetExpr'],
  ...['ParenExpr', 'StringLiteral', 'SubqueryExpr', 'UnaryExpr', 'VectorSelector', 'StepInvariantExpr'],
]);

/** Names of a list such as `by (a, b)`, below the first child of one of these kinds. */
export function namesUnder(expression: Expression, node: SyntaxNode, kind: string): string[] | undefined {
  const clause = childrenOf(node).find(({ name }) => name === kind);
  if (clause === undefined) return undefined;
  const list = clause.nextSibling?.name === 'GroupingLabels' ? clause.nextSibling : null;
  return (list?.getChildren('LabelName') ?? []).map((name) => textOf(expression, name));
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

export function childText(expression: Expression, node: SyntaxNode, kind: string): string {
  const child = node.getChild(kind);
  return child === null ? '' : textOf(expression, child);
}

/** `1h30m` in seconds, also with a sign. */
export function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0), 0);
}
