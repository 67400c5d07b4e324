import { type Node, isMap, isScalar, isSeq } from 'yaml';
import type { YamlSource } from './yaml-source.ts';
import { type Span, spanOf } from './yaml-tree.ts';

export type Plain =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly span: Span; readonly found: string };

/** Aliases may repeat a part a few times, and not blow a small file up to a large one. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 60;

/** Data as JSON knows it from a part of the file. Says where and why when it cannot be had. */
export function plainValue(node: Node, source: YamlSource): Plain {
  return new PlainReader(source).read(node, 0);
}

class PlainReader {
  readonly #source: YamlSource;
  #seen = 0;

  constructor(source: YamlSource) {
    this.#source = source;
  }

  read(node: unknown, depth: number): Plain {
    const target = this.#source.resolve(node as Node);
    this.#seen += 1;
    if (depth > MAX_DEPTH) return refused(node, 'nested too deeply, or an alias inside what it stands for');
    if (this.#seen > MAX_VALUES)
      return refused(node, `aliases that stand for more than ${MAX_VALUES} values`);
    if (isMap(target)) return this.#readMap(target.items, depth);
    if (isSeq(target)) return this.#readList(target.items, depth);
    if (isScalar(target)) return scalar(target.value, target);
    return node === null || node === undefined
      ? { ok: true, value: null }
      : refused(node, 'an alias without its anchor');
  }

  #readMap(items: readonly { readonly key: unknown; readonly value: unknown }[], depth: number): Plain {
    const entries: [string, unknown][] = [];
    for (const { key, value } of items) {
      const name = this.#source.resolve(key as Node);
      if (!isScalar(name)) return refused(key, 'a key that is no text');
      const read = this.read(value, depth + 1);
      if (!read.ok) return read;
      entries.push([String(name.value), read.value]);
    }
    // Unlike an assignment, fromEntries makes `__proto__` a key like any other.
    return { ok: true, value: Object.fromEntries(entries) };
  }

  #readList(items: readonly unknown[], depth: number): Plain {
    const values: unknown[] = [];
    for (const item of items) {
      const read = this.read(item, depth + 1);
      if (!read.ok) return read;
      values.push(read.value);
    }
    return { ok: true, value: values };
  }
}

function scalar(value: unknown, node: Node): Plain {
  if (typeof value === 'number' && !Number.isFinite(value))
    return refused(node, 'a number that is not finite');
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  return isPlain ? { ok: true, value } : refused(node, 'a value that JSON does not have');
}

function refused(node: unknown, found: string): Plain {
  return { ok: false, span: spanOf(node), found };
}
