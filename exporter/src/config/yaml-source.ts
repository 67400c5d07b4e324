import { Lexer, LineCounter, type Node, isAlias, isCollection, isPair, isScalar, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { explainYamlError } from './yaml-errors.ts';

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

/** A parsed file: its tree, its aliases resolved, and where its lines begin. */
export interface YamlSource {
  readonly text: string;
  readonly root: Node | undefined;
  readonly problems: readonly SyntaxProblem[];
  /** The node itself, or what an alias stands for. */
  resolve(node: Node): Node;
  /** Counted from 1. */
  place(offset: number): { readonly line: number; readonly column: number };
}

/** Generous for a configuration, and little enough to be read in well under a second. */
const MAX_TOKENS = 100_000;
const MAX_DEPTH = 40;

/** Parses YAML 1.2. Never throws; the tree is only worth reading when there are no problems. */
export function parseYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const failed = (problem: SyntaxProblem): YamlSource => ({
    ...{ text, root: undefined, problems: [problem], place },
    resolve: (node) => node,
  });
  const tooLong = firstTokenBeyond(text, MAX_TOKENS);
  if (tooLong !== undefined)
    return failed({ span: tooLong, found: 'too much for a configuration from here on' });
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const tree = inspect(document.contents);
  const problems = [...syntaxProblems(document), ...tree.problems];
  const root = document.contents ?? undefined;
  return { text, root, problems, place, resolve: (node) => tree.targets.get(node) ?? node };
}

function firstTokenBeyond(text: string, max: number): Span | undefined {
  let seen = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    seen += 1;
    if (seen > max) return { start: offset, end: offset + 1 };
    offset += token.length;
  }
  return undefined;
}

function syntaxProblems(document: Document): SyntaxProblem[] {
  return [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    span: { start: pos[0], end: pos[1] },
    ...explainYamlError(code),
  }));
}

interface Inspection {
  readonly problems: readonly SyntaxProblem[];
  readonly targets: ReadonlyMap<Node, Node>;
}

/**
 * One walk over the tree in the order of the text, without recursion: how deep it is, which keys occur twice,
 * and what each alias stands for (the nearest anchor of that name before it).
 */
function inspect(root: unknown): Inspection {
  const problems: SyntaxProblem[] = [];
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  const waiting: { readonly item: unknown; readonly depth: number }[] = [{ item: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { item, depth } = next;
    if (depth > MAX_DEPTH) {
      return {
        problems: [...problems, { span: spanOf(item), found: `nested more than ${MAX_DEPTH} levels deep` }],
        targets,
      };
    }
    if (isAlias(item)) {
      const target = anchors.get(item.source);
      if (target !== undefined) targets.set(item, target);
    } else if (isScalar(item) || isCollection(item)) {
      if (item.anchor !== undefined) anchors.set(item.anchor, item);
    }
    if (!isCollection(item)) continue;
    problems.push(...repeatedKeys(item.items));
    for (const child of childrenOf(item.items).reverse()) waiting.push({ item: child, depth: depth + 1 });
  }
  return { problems, targets };
}

function childrenOf(items: readonly unknown[]): unknown[] {
  return items.flatMap((item) => (isPair(item) ? [item.key, item.value] : [item]));
}

function repeatedKeys(items: readonly unknown[]): SyntaxProblem[] {
  const seen = new Set<unknown>();
  const problems: SyntaxProblem[] = [];
  for (const item of items) {
    if (!isPair(item) || !isScalar(item.key)) continue;
    const key = String(item.key.value);
    if (seen.has(key))
      problems.push({
        span: spanOf(item.key),
        found: 'this key stands twice in the same mapping',
        hint: 'keep one of them',
      });
    seen.add(key);
  }
  return problems;
}

/** Where a node stands: a scalar whole, a collection by its first character. */
export function spanOf(node: unknown): Span {
  const range = isScalar(node) || isAlias(node) || isCollection(node) ? node.range : undefined;
  if (!range) return { start: 0, end: 0 };
  return { start: range[0], end: isCollection(node) ? range[0] + 1 : range[1] };
}
