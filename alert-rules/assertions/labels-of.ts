import type { SyntaxNode } from '@lezer/common';
import {
  childrenOf,
  childText,
  type Expression,
  namesUnder,
  operandsOf,
  parsePromql,
  selectorsOf,
  textOf,
} from './promql-tree.ts';

/** Labels that the samples of an expression carry for certain, and what of it cannot work. */
export interface LabelFacts {
  readonly labels: ReadonlySet<string>;
  /** Operations between sides that can never match, because one has a label that the other lacks. */
  readonly mismatches: readonly string[];
  /** No vector: matches with anything. */
  readonly isScalar: boolean;
}

/** Labels of the samples of an exported metric; undefined for an unknown one. */
export type LabelsOfMetric = (metric: string) => ReadonlySet<string> | undefined;

const SCALAR: LabelFacts = { labels: new Set(), mismatches: [], isScalar: true };
const LABELLESS = new Set(['vector', 'absent', 'absent_over_time']);
const SET_OPERATORS = new Set(['And', 'Or', 'Unless']);

/** Follows the labels through an expression, and through what recorded series are recorded from. */
export function labelsOf(
  text: string,
  labelsOfMetric: LabelsOfMetric,
  exprOf: ReadonlyMap<string, string>,
): LabelFacts {
  const expression = parsePromql(text);
  const selected = new Map(
    selectorsOf(expression).map(({ node, ...selector }) => [node.from, selector] as const),
  );

  const visit = (node: SyntaxNode): LabelFacts => {
    switch (node.name) {
      case 'NumberDurationLiteral':
      case 'StringLiteral':
        return SCALAR;
      case 'VectorSelector':
        return ofMetric(selected.get(node.from)?.metric ?? '');
      case 'AggregateExpr':
        return aggregated(expression, node, visit);
      case 'FunctionCall':
        return ofCall(expression, node, visit);
      case 'BinaryExpr':
        return joined(expression, node, visit);
      default: {
        const [inner] = operandsOf(node);
        return inner === undefined ? SCALAR : visit(inner);
      }
    }
  };
  const ofMetric = (metric: string): LabelFacts => {
    const recorded = exprOf.get(metric);
    if (recorded !== undefined) return labelsOf(recorded, labelsOfMetric, exprOf);
    return vector(labelsOfMetric(metric) ?? []);
  };
  return visit(expression.root);
}

type Visit = (node: SyntaxNode) => LabelFacts;

function vector(labels: Iterable<string>, ...parts: readonly LabelFacts[]): LabelFacts {
  return {
    labels: new Set(labels),
    mismatches: parts.flatMap(({ mismatches }) => mismatches),
    isScalar: false,
  };
}

function aggregated(expression: Expression, node: SyntaxNode, visit: Visit): LabelFacts {
  const modifier = node.getChild('AggregateModifier');
  const operand = operandsOf(node).at(-1);
  const inner = operand === undefined ? SCALAR : visit(operand);
  const by = modifier === null ? undefined : namesUnder(expression, modifier, 'By');
  const without = modifier === null ? undefined : namesUnder(expression, modifier, 'Without');
  if (by !== undefined)
    return vector(
      by.filter((label) => inner.labels.has(label)),
      inner,
    );
  if (without === undefined) return vector([], inner);
  return vector(
    [...inner.labels].filter((label) => !without.includes(label)),
    inner,
  );
}

function ofCall(expression: Expression, node: SyntaxNode, visit: Visit): LabelFacts {
  const operands = operandsOf(node);
  const parts = operands.map(visit);
  const labels = parts.find(({ isScalar }) => !isScalar)?.labels;
  const name = childText(expression, node, 'FunctionIdentifier');
  if (LABELLESS.has(name)) return vector([], ...parts);
  if (labels === undefined || name === 'scalar') return SCALAR;
  if (name === 'histogram_quantile')
    return vector(
      [...labels].filter((label) => label !== 'le'),
      ...parts,
    );
  if (name !== 'label_replace' && name !== 'label_join') return vector(labels, ...parts);
  const [, target] = operands;
  return vector([...labels, target === undefined ? '' : textOf(expression, target).slice(1, -1)], ...parts);
}

function joined(expression: Expression, node: SyntaxNode, visit: Visit): LabelFacts {
  const [left, right] = operandsOf(node).map(visit);
  if (left === undefined || right === undefined) return SCALAR;
  if (left.isScalar && right.isScalar) return SCALAR;
  if (left.isScalar || right.isScalar) return vector(left.isScalar ? right.labels : left.labels, left, right);
  const { on, group, operator } = clausesOf(expression, node);
  if (operator === 'Or')
    return vector(
      [...left.labels].filter((label) => right.labels.has(label)),
      left,
      right,
    );
  const mismatch = mismatchOf(expression, node, { left, right, on });
  return {
    ...vector(labelsAfter({ left, right, on, group, operator }), left, right, mismatch),
    isScalar: false,
  };
}

interface Sides {
  readonly left: LabelFacts;
  readonly right: LabelFacts;
  readonly on: readonly string[] | undefined;
}

function labelsAfter(
  sides: Sides & { readonly group: 'left' | 'right' | undefined; readonly operator: string },
): Iterable<string> {
  const { left, right, on, group, operator } = sides;
  if (SET_OPERATORS.has(operator) || group === 'left') return left.labels;
  if (group === 'right') return right.labels;
  return on ?? left.labels;
}

/** Both sides of a match need the same labels: with `on`, those that it names; else all. */
function mismatchOf(expression: Expression, node: SyntaxNode, { left, right, on }: Sides): LabelFacts {
  const text = textOf(expression, node).replace(/\s+/g, ' ').slice(0, 200);
  const missing =
    on === undefined
      ? [...labelsOfOneSide(left.labels, right.labels)]
      : on.filter((label) => !left.labels.has(label) || !right.labels.has(label));
  const mismatches = missing.length === 0 ? [] : [`only one side has ${missing.sort().join(', ')}: ${text}`];
  return { ...SCALAR, mismatches };
}

function clausesOf(
  expression: Expression,
  node: SyntaxNode,
): { on: string[] | undefined; group: 'left' | 'right' | undefined; operator: string } {
  const clause = node.getChild('MatchingModifierClause');
  const kinds = clause === null ? [] : childrenOf(clause).map(({ name }) => name);
  const operator = childrenOf(node)[1]?.name ?? '';
  return {
    on: clause === null ? undefined : namesUnder(expression, clause, 'On'),
    group: kinds.includes('GroupLeft') ? 'left' : kinds.includes('GroupRight') ? 'right' : undefined,
    operator,
  };
}

function labelsOfOneSide(left: ReadonlySet<string>, right: ReadonlySet<string>): string[] {
  return [...left, ...right].filter((label) => left.has(label) !== right.has(label));
}
