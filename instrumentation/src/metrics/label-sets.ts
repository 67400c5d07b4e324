import type { Attributes } from '@opentelemetry/api';
import { OTHER } from './bounded-names.ts';
import { type AttributeSet, NO_ATTRIBUTES } from './call-attributes.ts';
import type { LabelsOf } from './definition.ts';

/** One label set of a family, and what was counted under it. */
export interface Cell {
  /** Built once and frozen, so that every record and observation can hand over the same object. */
  readonly attributes: Attributes;
  total: number;
}

interface Node {
  readonly next: Map<string, Node>;
  cell?: Cell;
}

/**
 * Label sets that one instrument may have. The SDK's own limit is 2,000, and beyond it the totals of an observable
 * counter are wrong (they all fall into one set, each replacing the other). So we stay below it and fold what is
 * too much into a set that can be added up: first the app's attributes go, then the endpoint id.
 */
const ATTRIBUTED_LIMIT = 1000;
const LIMIT = 1500;

/**
 * The label sets of one family. They are found by walking a tree of label values, one look-up per label: no key
 * is put together, so a find allocates nothing.
 */
export class LabelSets<L extends string> {
  readonly #labels: readonly L[];
  readonly #onFull: () => void;
  readonly #root: Node = { next: new Map() };
  readonly #cells: Cell[] = [];
  #last: { readonly values: LabelsOf<L>; readonly extra: AttributeSet; readonly cell: Cell } | undefined;

  /** @param labels in the order of the tree; the first is the one that becomes `_OTHER` when there is no room. */
  constructor(labels: readonly L[], onFull: () => void) {
    this.#labels = labels;
    this.#onFull = onFull;
  }

  get cells(): readonly Cell[] {
    return this.#cells;
  }

  /** The cell of these labels, made at its first use with a total of 0. A label without a value is left out. */
  at(values: LabelsOf<L>, extra: AttributeSet = NO_ATTRIBUTES): Cell {
    return this.find(values, extra) ?? this.#add(values, extra);
  }

  /** The cell of exactly these labels, if there is one. */
  find(values: LabelsOf<L>, extra: AttributeSet = NO_ATTRIBUTES): Cell | undefined {
    if (this.#isLast(values, extra)) return this.#last?.cell;
    let node = this.#root.next.get(extra.key);
    for (const label of this.#labels) node = node?.next.get(values[label] ?? '');
    const cell = node?.cell;
    if (cell !== undefined) this.#last = { values, extra, cell };
    return cell;
  }

  /** The same labels as the last time, as it is in an app that asks one model. */
  #isLast(values: LabelsOf<L>, extra: AttributeSet): boolean {
    const last = this.#last;
    if (last?.extra.key !== extra.key) return false;
    for (const label of this.#labels) if (values[label] !== last.values[label]) return false;
    return true;
  }

  #add(values: LabelsOf<L>, extra: AttributeSet): Cell {
    const folded = this.#folded(values, extra);
    if (folded !== undefined) {
      this.#onFull();
      return this.at(folded);
    }
    let node = child(this.#root, extra.key);
    for (const label of this.#labels) node = child(node, values[label] ?? '');
    const cell: Cell = { attributes: this.#attributes(values, extra), total: 0 };
    node.cell = cell;
    this.#cells.push(cell);
    return cell;
  }

  #folded(values: LabelsOf<L>, extra: AttributeSet): LabelsOf<L> | undefined {
    const [first] = this.#labels;
    if (extra !== NO_ATTRIBUTES && this.#cells.length >= ATTRIBUTED_LIMIT) return values;
    if (first === undefined || values[first] === OTHER || this.#cells.length < LIMIT) return undefined;
    return { ...values, [first]: OTHER };
  }

  #attributes(values: LabelsOf<L>, extra: AttributeSet): Attributes {
    const attributes: Attributes = {};
    for (const label of this.#labels) {
      const value = values[label];
      if (value !== undefined && value !== '') attributes[label] = value;
    }
    return Object.freeze({ ...extra.values, ...attributes });
  }
}

function child(node: Node, value: string): Node {
  let found = node.next.get(value);
  if (found === undefined) {
    found = { next: new Map() };
    node.next.set(value, found);
  }
  return found;
}
