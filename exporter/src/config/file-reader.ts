import { type Node, Scalar, isCollection, isMap, isScalar, isSeq } from 'yaml';
import { Findings } from './findings.ts';
import { nearestKey } from './nearest-key.ts';
import type { EitherOption, ListOption, Option, SectionOption, ValueOption } from './option.ts';
import { plainValue } from './plain-value.ts';
import { parseDefault, parseValue } from './read-value.ts';
import { type YamlSource, parseYaml } from './yaml-source.ts';
import { type Span, spanOf } from './yaml-tree.ts';

/** Names under which someone may try to write a secret, letters only. */
const SECRET_NAME = /key(id|secret|file)?$|secret|token|credential|password/;

/** One place in the file and the option that belongs there. */
interface Spot {
  readonly path: string;
  /** Undefined when the file has nothing there. */
  readonly node: Node | undefined;
  /** The key in front of it, or what is around it. */
  readonly key: Span;
}

/**
 * Reads a tree by the schema. Whatever is good ends up in the result, whatever is not becomes a finding, so
 * that one look shows all problems.
 */
export class FileReader {
  readonly #source: YamlSource;
  readonly #findings: Findings;
  readonly #given: string[] = [];

  constructor(source: YamlSource, findings: Findings) {
    this.#source = source;
    this.#findings = findings;
  }

  /** Paths of the options that the file has, whatever it says about them. */
  get given(): readonly string[] {
    return this.#given;
  }

  /** The values at the root of the file. Their type is the `Draft` of the option. */
  read(option: Option): unknown {
    const { root } = this.#source;
    return this.#read(option, { path: '', node: root, key: spanOf(root) });
  }

  #read(option: Option, at: Spot): unknown {
    const spot = { ...at, node: at.node === undefined ? undefined : this.#source.resolve(at.node) };
    this.#findings.locate(at.path, spanOfSpot(at));
    if (at.node !== undefined) this.#given.push(at.path);
    switch (option.kind) {
      case 'value':
        return this.#readValue(option, spot);
      case 'either':
        return this.#readEither(option, spot);
      case 'section':
        return this.#readSection(option, spot);
      case 'list':
        return this.#readList(option, spot);
    }
  }

  #readEither({ short, long }: EitherOption, spot: Spot): unknown {
    return isMap(spot.node) ? this.#readSection(long, spot) : this.#readValue(short, spot);
  }

  #readSection({ options }: SectionOption, spot: Spot): unknown {
    const known = Object.keys(options);
    const entries = isMap(spot.node) ? this.#entries(spot.node.items) : [];
    for (const entry of entries) {
      if (!known.includes(entry.name)) this.#refuseKey(entry, known, spot.path);
    }
    if (!isMap(spot.node) && !isNothing(spot.node)) {
      this.#refuseNode(spot, `a mapping with the keys ${known.join(', ')}`);
    }
    const read = Object.entries(options).map(([name, option]) => {
      const entry = entries.find((candidate) => candidate.name === name);
      const path = joined(spot.path, name);
      return [name, this.#read(option, { path, node: entry?.node, key: entry?.key ?? spot.key })] as const;
    });
    return Object.fromEntries(read);
  }

  #entries(items: readonly { readonly key: unknown; readonly value: unknown }[]): Entry[] {
    return items.map(({ key, value }) => {
      const name = this.#source.resolve(key as Node);
      return {
        name: isScalar(name) ? String(name.value) : '[…]',
        key: spanOf(key),
        node: (value ?? new Scalar(null)) as Node,
      };
    });
  }

  #readList({ item, maxItems, default: written }: ListOption, spot: Spot): unknown[] {
    if (isNothing(spot.node)) {
      return readWritten(item, written);
    }
    if (!isSeq(spot.node)) {
      this.#refuseNode(spot, 'a list, each item behind a dash');
      return [];
    }
    const { items } = spot.node;
    if (items.length > maxItems) {
      this.#findings.add({
        path: spot.path,
        found: `got ${items.length} items`,
        expected: `at most ${maxItems}`,
      });
    }
    return this.#readItems(item, items.slice(0, maxItems), spot.path);
  }

  #readItems(option: SectionOption, items: readonly unknown[], path: string): unknown[] {
    return items.map((item, index) =>
      this.#read(option, { path: `${path}[${index}]`, node: item as Node, key: spanOf(item) }),
    );
  }

  #readValue({ type, absent }: ValueOption<unknown, unknown>, spot: Spot): unknown {
    const { path, node } = spot;
    if (node === undefined) {
      if ('default' in absent) return parseDefault(type, absent.default);
      if ('required' in absent) this.#findings.add({ path, found: 'missing', expected: type.expects });
      return undefined;
    }
    if (type.isPrivate === true) this.#hide(node);
    if (isCollection(node) && type.isMapping !== true) return this.#refuseNode(spot, type.expects);
    const plain = plainValue(node, this.#source);
    if (!plain.ok) {
      this.#findings.addAt(plain.span, { path, found: plain.found, expected: 'what JSON can hold' });
      return undefined;
    }
    const parsed = parseValue(type, plain.value);
    if (parsed.ok) return parsed.value;
    const found = type.isPrivate === true ? foundPrivate(node) : this.#found(node);
    this.#findings.add({ path, found, expected: type.expects, hint: parsed.hint });
    return undefined;
  }

  #refuseNode({ path, node }: Spot, expected: string): undefined {
    if (isCollection(node)) this.#hide(node);
    this.#findings.add({ path, found: this.#found(node), expected });
  }

  #refuseKey({ name, key, node }: Entry, known: readonly string[], path: string): void {
    this.#hide(node);
    const expected = `one of ${known.join(', ')}`;
    // A line of a prompt that slipped to the left reads like a key, and is still private.
    if (!/^[A-Za-z_][\w-]{0,39}$/.test(name)) {
      this.#findings.hide(key);
      this.#findings.addAt(key, { path, found: 'an unknown key (not shown here)', expected });
      return;
    }
    const shown = this.#findings.shown(name);
    const at = joined(path, shown);
    const meant = nearestKey(name, known);
    if (meant === undefined && SECRET_NAME.test(name.toLowerCase().replace(/[^a-z]/g, ''))) {
      const hint = 'keys come from FAL_KEY or FAL_KEY_FILE, never from this file';
      this.#findings.addAt(key, { path: at, found: 'a key or password', hint });
      return;
    }
    const hint = meant === undefined ? undefined : `did you mean \`${meant}\`?`;
    this.#findings.addAt(key, { path: at, found: `unknown key \`${shown}\``, expected, hint });
  }

  #found(node: Node | undefined): string {
    if (isMap(node)) return 'got a mapping';
    if (isSeq(node)) return 'got a list';
    const value: unknown = isScalar(node) ? node.value : null;
    if (typeof value === 'string') return `got ${JSON.stringify(this.#findings.shown(value))}`;
    return typeof value === 'number' || typeof value === 'boolean' ? `got ${value}` : 'got nothing';
  }

  #hide(node: Node): void {
    if (node.range) this.#findings.hide({ start: node.range[0], end: node.range[2] });
  }
}

/** Items that the schema itself gives are read like any others, only not from the file. */
function readWritten(item: SectionOption, written: readonly unknown[]): unknown[] {
  return written.map((entry) => {
    const source = parseYaml(JSON.stringify(entry));
    return new FileReader(source, new Findings('', source, (text) => text)).read(item);
  });
}

interface Entry {
  readonly name: string;
  readonly key: Span;
  readonly node: Node;
}

/** A block mapping begins with its first key, which says less than the key above it. */
function spanOfSpot({ node, key }: Spot): Span {
  const isBlock = isCollection(node) && node.flow !== true;
  return node?.range && !isBlock ? spanOf(node) : key;
}

function isNothing(node: Node | undefined): boolean {
  return node === undefined || (isScalar(node) && node.value === null);
}

function foundPrivate(node: Node): string {
  return isScalar(node) && node.value === null ? 'got nothing' : 'got something else (not shown here)';
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
