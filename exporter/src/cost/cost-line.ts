import type { NanoUsd } from '../domain/money.ts';

/** By what a bill can be split. `source`: our own probes, or everything else. `key`: by the alias of the key. */
export const DIMENSIONS = ['day', 'endpoint', 'source', 'key'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** A piece of the bill: as small as the source tells it. What the source does not tell is absent. */
export interface CostLine {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly endpoint: string;
  readonly source?: 'probe' | 'other' | undefined;
  /** Alias of the key, or how else fal names who called. */
  readonly key?: string | undefined;
  /** Billed, after discounts. */
  readonly billed: NanoUsd;
  /** Before discounts. */
  readonly listed: NanoUsd;
  /** Billed requests; absent where only quantities are told. */
  readonly requests?: number | undefined;
}

/** One line of a table: the values of its dimensions in order, and the sums. */
export interface CostRow {
  readonly values: readonly string[];
  readonly billed: NanoUsd;
  readonly listed: NanoUsd;
  readonly requests?: number | undefined;
}

/** Stands for a value that the source does not tell. */
const UNKNOWN = 'unknown';

/**
 * Adds lines up by some dimensions, in whole nano-dollars. Days stand in their order, the rest by cost, the dearest
 * first; with several dimensions the first one groups.
 */
export function splitBy(lines: readonly CostLine[], dimensions: readonly Dimension[]): CostRow[] {
  const groups = Map.groupBy(lines, (line) =>
    JSON.stringify(dimensions.map((dimension) => line[dimension] ?? UNKNOWN)),
  );
  const rows = [...groups].map(([key, group]) => ({ ...sumOf(group), values: JSON.parse(key) as string[] }));
  const costOfFirst = new Map<string, NanoUsd>();
  for (const { values, billed } of rows) {
    const first = values[0] ?? '';
    costOfFirst.set(first, (costOfFirst.get(first) ?? 0) + billed);
  }
  return rows.sort((a, b) => inOrder(a, b, dimensions, costOfFirst));
}

/** All lines as one. The count of requests is unknown when one line's is. */
export function sumOf(lines: readonly CostLine[]): Omit<CostRow, 'values'> {
  let [billed, listed, requests] = [0, 0, 0];
  for (const line of lines) {
    billed += line.billed;
    listed += line.listed;
    requests += line.requests ?? NaN;
  }
  return { billed, listed, requests: Number.isNaN(requests) ? undefined : requests };
}

/** The first dimension groups, whatever its rows cost one by one; within a group the dearest comes first. */
function inOrder(
  a: CostRow,
  b: CostRow,
  dimensions: readonly Dimension[],
  costOfFirst: ReadonlyMap<string, NanoUsd>,
): number {
  const [x = '', y = ''] = [a.values[0], b.values[0]];
  if (x !== y) {
    const byCost = dimensions[0] === 'day' ? 0 : (costOfFirst.get(y) ?? 0) - (costOfFirst.get(x) ?? 0);
    return byCost === 0 ? byText(x, y) : byCost;
  }
  const dayAt = dimensions.indexOf('day');
  const byDay = byText(a.values[dayAt] ?? '', b.values[dayAt] ?? '');
  if (byDay !== 0) return byDay;
  return b.billed - a.billed || byText(a.values.join(), b.values.join());
}

function byText(x: string, y: string): number {
  return x === y ? 0 : x < y ? -1 : 1;
}
