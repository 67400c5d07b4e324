import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Finding, Problem } from './problem.ts';

/** A key of a mapping with what stands under it. */
export interface Entry {
  readonly key: string;
  readonly path: string;
  readonly keyNode: unknown;
  readonly value: unknown;
}

const MAX_BYTES = 256 * 1024;

/**
 * The text of an override file while it is read: its mappings and scalars on the one hand, everything that is
 * wrong with it, in the order of the text, on the other.
 */
export class OverrideFile {
  readonly #name: string;
  readonly #lines = new LineCounter();
  readonly #problems: { readonly offset: number; readonly problem: Problem }[] = [];
  /** The outermost mapping; undefined for an empty file and for one that cannot be read. */
  readonly root: YAMLMap | undefined;

  constructor(text: string, name: string) {
    this.#name = name;
    this.root = this.#read(text);
  }

  get problems(): readonly Problem[] {
    return this.#problems.toSorted((a, b) => a.offset - b.offset).map(({ problem }) => problem);
  }

  /** Notes a problem at a node (or at the beginning, for none). */
  report(node: unknown, path: string, finding: Finding): void {
    this.#reportAt(offsetOf(node), path, finding);
  }

  /** The entries of a mapping, its keys as text. */
  entries(map: YAMLMap, path: string): Entry[] {
    return map.items.map(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : '?';
      return { key: name, path: path === '' ? name : `${path}.${name}`, keyNode: key, value };
    });
  }

  /** The mapping under a key; reports anything else. `example` shows what a mapping looks like there. */
  mapping({ value, path, keyNode }: Entry, example: string): YAMLMap | undefined {
    if (isMap(value)) return value;
    const expected = `a mapping such as ${example}`;
    this.report(value ?? keyNode, path, { found: foundNode(value), expected });
    return undefined;
  }

  /** The scalar under a key as YAML understands it; reports a mapping, a list or an alias. */
  scalar({ value, path, keyNode }: Entry, expected: string): Pick<Scalar, 'value'> | undefined {
    if (value === null) return { value: null };
    if (isScalar(value)) return value;
    this.report(value ?? keyNode, path, { found: foundNode(value), expected });
    return undefined;
  }

  #read(text: string): YAMLMap | undefined {
    const size = Buffer.byteLength(text);
    if (size > MAX_BYTES) {
      const kilobytes = Math.ceil(size / 1024);
      this.#reportAt(0, '', { found: `got ${kilobytes} KB`, expected: `an override file of at most 256 KB` });
      return undefined;
    }
    const contents = this.#parse(text);
    if (isMap(contents)) return contents;
    const isEmpty = contents === null || (isScalar(contents) && contents.value === null);
    if (!isEmpty && this.#problems.length === 0) {
      const expected = 'a mapping with alerts, jobs, links';
      this.report(contents, '', { found: foundNode(contents), expected });
    }
    return undefined;
  }

  #parse(text: string): Node | null {
    try {
      const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
      for (const { code, message, pos } of document.errors) {
        this.#reportAt(pos[0], '', syntaxProblem(code, message));
      }
      // What stands where in a broken text is a guess, and what would be said of it noise.
      return document.errors.every(({ code }) => code === 'DUPLICATE_KEY') ? document.contents : null;
    } catch (error) {
      // The parser calls itself for each level, so a text of brackets alone exhausts its stack.
      if (!(error instanceof RangeError)) throw error;
      this.#reportAt(0, '', { found: 'got YAML that is nested too deep' });
      return null;
    }
  }

  #reportAt(offset: number, path: string, finding: Finding): void {
    const { line, col } = this.#lines.linePos(offset);
    const problem = { file: this.#name, line: Math.max(1, line), column: Math.max(1, col), path, ...finding };
    this.#problems.push({ offset, problem });
  }
}

function syntaxProblem(code: string, message: string): Finding {
  switch (code) {
    case 'DUPLICATE_KEY':
      return { found: 'this key stands twice in the same mapping', hint: 'keep one of them' };
    case 'MULTIPLE_DOCS':
      return { found: 'got several YAML documents', expected: 'one', hint: 'remove the line ---' };
    default:
      return { found: `this is not valid YAML: ${message.replace(/\s+/g, ' ')}` };
  }
}

function foundNode(node: unknown): string {
  if (isMap(node)) return 'got a mapping';
  if (isAlias(node)) return 'got an alias (*name)';
  if (!isScalar(node)) return node === null || node === undefined ? 'got nothing' : 'got a list';
  return node.value === null
    ? 'got nothing'
    : `got ${JSON.stringify(node.value)?.slice(0, 60) ?? 'something else'}`;
}

function offsetOf(node: unknown): number {
  const range = (node as Partial<Node> | null | undefined)?.range;
  return range?.[0] ?? 0;
}
