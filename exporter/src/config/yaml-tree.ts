import { type Node, isAlias, isCollection, isMap, isPair, isScalar } from 'yaml';

/** A part of the text, as offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A problem of the text itself, before any option is looked at. */
export interface SyntaxProblem {
  readonly span: Span;
  readonly found: string;
  readonly hint?: string | undefined;
}

const MAX_DEPTH = 40;

const NO_ANCHOR = {
  found: 'an alias (*name) without its anchor (&name) before it',
  hint: 'put the text in quotes if it begins with a star',
};

/**
 * One walk over a tree in the order of the text, without recursion: how deep it is, which keys occur twice, and
 * what each alias stands for (the nearest anchor of that name before it).
 */
export class TreeWalk {
  readonly problems: SyntaxProblem[] = [];
  readonly targets = new Map<Node, Node>();
  /** Texts in quotes and collections in brackets, whole, in the order in which they begin. */
  readonly enclosed: { readonly kind: 'quote' | 'bracket'; readonly span: Span }[] = [];
  readonly #anchors = new Map<string, Node>();

  constructor(root: unknown) {
    const waiting: { readonly item: unknown; readonly depth: number }[] = [{ item: root, depth: 0 }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { item, depth } = next;
      if (depth > MAX_DEPTH) {
        this.problems.push({ span: spanOf(item), found: `nested more than ${MAX_DEPTH} levels deep` });
        return;
      }
      for (const child of this.#visit(item)) waiting.push({ item: child, depth: depth + 1 });
    }
  }

  /** Returns what is inside, the last first. */
  #visit(item: unknown): unknown[] {
    if (isAlias(item)) {
      const target = this.#anchors.get(item.source);
      if (target !== undefined) this.targets.set(item, target);
      else this.problems.push({ span: spanOf(item), ...NO_ANCHOR });
    } else if (isScalar(item)) {
      if (item.anchor !== undefined) this.#anchors.set(item.anchor, item);
      if (item.type === 'QUOTE_DOUBLE' || item.type === 'QUOTE_SINGLE') this.#enclose('quote', item);
    } else if (isCollection(item)) {
      if (item.anchor !== undefined) this.#anchors.set(item.anchor, item);
      if (item.flow === true) this.#enclose('bracket', item);
      this.problems.push(...repeatedKeys(item.items));
      return item.items.flatMap((inner) => (isPair(inner) ? [inner.key, inner.value] : [inner])).reverse();
    }
    return [];
  }

  #enclose(kind: 'quote' | 'bracket', { range }: Node): void {
    if (range) this.enclosed.push({ kind, span: { start: range[0], end: range[1] } });
  }
}

function repeatedKeys(items: readonly unknown[]): SyntaxProblem[] {
  const keys = items.flatMap((item) => (isPair(item) && isScalar(item.key) ? [item.key] : []));
  const seen = new Set<string>();
  return keys.flatMap((key) => {
    const name = String(key.value);
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const found = 'this key stands twice in the same mapping';
    return [{ span: spanOf(key), found, hint: 'keep one of them' }];
  });
}

/** Where a node stands: a scalar whole, a mapping by its first key or bracket, a list by its first character. */
export function spanOf(node: unknown): Span {
  const range = isScalar(node) || isAlias(node) || isCollection(node) ? node.range : undefined;
  if (!range) return { start: 0, end: 0 };
  if (!isCollection(node)) return { start: range[0], end: range[1] };
  const first = isMap(node) && node.flow !== true ? node.items[0]?.key : undefined;
  return isScalar(first) ? spanOf(first) : { start: range[0], end: range[0] + 1 };
}
