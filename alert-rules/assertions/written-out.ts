import type { SyntaxNode } from '@lezer/common';
import type { Pack } from '../src/pack.ts';
import { childrenOf, type Expression, operandsOf, parsePromql, secondsOf, textOf } from './promql-tree.ts';

/**
 * The meaning of an expression as nested lists, recorded series replaced by what they are recorded from, spaces and
 * parentheses left out. Works on the grammar's own tree, and so knows nothing of how the generator does it.
 *
 * A range over a recorded series and the subquery that takes its place mean the same and look the same here: the
 * step of a subquery is left out. So do an offset of a recorded series and the newest value of such a subquery.
 */
export function writtenOut(expr: string, pack: Pack): unknown {
  const rules = pack.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const exprOf = new Map(
    rules.flatMap((rule) => (rule.kind === 'recording' ? [[rule.record, rule.expr]] : [])),
  );
  return meaning(expr, exprOf);
}

function meaning(expr: string, exprOf: ReadonlyMap<string, string>): unknown {
  const expression = parsePromql(expr);
  const visit = (node: SyntaxNode): unknown => {
    const recorded = node.name === 'VectorSelector' ? exprOf.get(textOf(expression, node).trim()) : undefined;
    if (recorded !== undefined) return meaning(recorded, exprOf);
    switch (node.name) {
      case 'ParenExpr':
      case 'PromQL':
        return visit(onlyChild(node));
      case 'FunctionCall': {
        const shifted = valueOfBefore(expression, node);
        return shifted === undefined ? partsOf(node, visit) : ['OffsetExpr', ...shifted.map(visit)];
      }
      case 'OffsetExpr':
        return [
          'OffsetExpr',
          ...partsOf(node, visit)
            .filter((part) => part !== 'offset')
            .slice(1),
        ];
      case 'MatrixSelector':
      case 'SubqueryExpr':
        return ranged(expression, node, visit);
      default: {
        const children = childrenOf(node);
        if (children.length === 0 || node.name === 'VectorSelector') return wordsOf(expression, node);
        return partsOf(node, visit);
      }
    }
  };
  return visit(expression.root);
}

function partsOf(node: SyntaxNode, visit: (node: SyntaxNode) => unknown): unknown[] {
  return [node.name, ...childrenOf(node).map(visit)];
}

/** What `last_over_time((x)[1m:1m] offset 1h)` is made of: x and 1h. */
function valueOfBefore(expression: Expression, node: SyntaxNode): SyntaxNode[] | undefined {
  if (!textOf(expression, node).startsWith('last_over_time(')) return undefined;
  const [offset] = operandsOf(node);
  const [subquery, , duration] = offset?.name === 'OffsetExpr' ? childrenOf(offset) : [];
  if (subquery?.name !== 'SubqueryExpr' || !textOf(expression, subquery).endsWith('[1m:1m]'))
    return undefined;
  const [inner] = childrenOf(subquery);
  return inner === undefined || duration === undefined ? undefined : [inner, duration];
}

/** Whatever stands in brackets: `x[5m]` of a series, `(x)[5m:1m]` of an expression. */
function ranged(expression: Expression, node: SyntaxNode, visit: (node: SyntaxNode) => unknown): unknown {
  const [inner, range] = childrenOf(node);
  if (inner === undefined || range === undefined) throw new Error(`no range in ${textOf(expression, node)}`);
  return ['range', visit(inner), secondsOf(textOf(expression, range))];
}

function onlyChild(node: SyntaxNode): SyntaxNode {
  const children = childrenOf(node);
  if (children[0] === undefined || children.length > 1)
    throw new Error(`${node.name} has ${children.length} parts`);
  return children[0];
}

function wordsOf(expression: Expression, node: SyntaxNode): string {
  return textOf(expression, node).replace(/\s+/g, ' ').trim();
}
