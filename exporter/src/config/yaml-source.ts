import { Lexer, LineCounter, type Node, parseDocument } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import { explainYamlError } from './yaml-errors.ts';
import { type Span, type SyntaxProblem, TreeWalk } from './yaml-tree.ts';

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

/** Parses YAML 1.2. Never throws; the tree is only worth reading when there are no problems. */
export function parseYaml(text: string): YamlSource {
  const lines = countLines(text);
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const tooMuch = firstTokenBeyond(text, MAX_TOKENS);
  if (tooMuch !== undefined) {
    const problem = { span: tooMuch, found: 'too much for a configuration from here on' };
    return { text, root: undefined, problems: [problem], place, resolve: (node) => node };
  }
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
  const tree = new TreeWalk(document.contents);
  const problems = [...syntaxProblems(document, tree, lines), ...tree.problems];
  const root = document.contents ?? undefined;
  return { text, root, problems, place, resolve: (node) => tree.targets.get(node) ?? node };
}

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
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

/** One for each line: what follows the first is most often its consequence. */
function syntaxProblems({ errors, warnings }: Document, tree: TreeWalk, lines: LineCounter): SyntaxProblem[] {
  const told = new Map<number, SyntaxProblem>();
  for (const error of [...errors, ...warnings]) {
    const problem = unclosed(error, tree) ?? {
      span: { start: error.pos[0], end: error.pos[1] },
      ...explainYamlError(error.code),
    };
    const { line } = lines.linePos(problem.span.start);
    if (!told.has(line)) told.set(line, problem);
  }
  return [...told.values()];
}

/** The parser misses a quote or a bracket where the file ends; whoever mends it looks for where it began. */
function unclosed({ message, pos }: YAMLError, { enclosed }: TreeWalk): SyntaxProblem | undefined {
  const kind = message.startsWith('Missing closing')
    ? 'quote'
    : /^Flow (map|sequence) .* end with a/.test(message)
      ? 'bracket'
      : undefined;
  const open = enclosed.findLast((part) => part.kind === kind && part.span.end >= pos[0]);
  if (open === undefined || kind === undefined) return undefined;
  const { start } = open.span;
  return { span: { start, end: start + 1 }, found: `a ${kind} that is never closed` };
}
