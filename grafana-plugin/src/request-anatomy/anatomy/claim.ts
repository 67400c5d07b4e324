import type { Coverage, Row, Segment } from './anatomy.ts';
import { PARTS, type PartName, type SegmentName } from './part.ts';

/** What may be said of a row about where its seconds went. */
export type Claim =
  /** No other part can have taken longer. */
  | { readonly kind: 'longest'; readonly name: SegmentName; readonly isNearlyAll: boolean }
  /** What takes longest is the rest, and parts that nothing is known of are in it. */
  | { readonly kind: 'not_measured'; readonly names: readonly PartName[] }
  /** Too few requests tell these parts. */
  | { readonly kind: 'partly_known'; readonly coverage: readonly Coverage[] }
  /** The total, or a part, is longer than the highest bound. */
  | { readonly kind: 'unbounded' }
  /** The intervals of these two overlap. */
  | { readonly kind: 'too_close'; readonly names: readonly [SegmentName, SegmentName] }
  /** All parts are 0 s. */
  | { readonly kind: 'nothing' };

const NEARLY_ALL = 0.9;

/** Which part of a row took longest, if its interval lies above those of all others, the rest included. */
export function claimOf(row: Row, coverage: readonly Coverage[]): Claim {
  const first = [...row.segments].sort((a, b) => b.estimate.low - a.estimate.low)[0];
  if (first === undefined || row.total.high === 0) return { kind: 'nothing' };
  const others = row.segments.filter((segment) => segment !== first);
  const rival = Math.max(0, ...others.map(({ estimate }) => estimate.high));
  const isClear = first.estimate.low > 0 && first.estimate.low >= rival;
  return isClear ? clearClaim(row, first) : unclearClaim(row, coverage);
}

function clearClaim(row: Row, { name, estimate }: Segment): Claim {
  const missing = partsInRest(row);
  if (name === 'rest' && missing.length > 0) return { kind: 'not_measured', names: missing };
  return { kind: 'longest', name, isNearlyAll: estimate.value >= NEARLY_ALL * row.total.value };
}

/** Parts that the row does not have, so that its rest holds them. */
export function partsInRest({ segments }: Row): readonly PartName[] {
  return PARTS.map(({ name }) => name).filter((name) => segments.every((segment) => segment.name !== name));
}

function unclearClaim(row: Row, coverage: readonly Coverage[]): Claim {
  const partial = coverage.filter(({ isComplete }) => !isComplete);
  if (partial.length > 0) return { kind: 'partly_known', coverage: partial };
  const missing = partsInRest(row);
  if (missing.length > 0) return { kind: 'not_measured', names: missing };
  if (row.total.high === Infinity) return { kind: 'unbounded' };
  const [first, second] = [...row.segments].sort((a, b) => b.estimate.high - a.estimate.high);
  return first === undefined || second === undefined
    ? { kind: 'nothing' }
    : { kind: 'too_close', names: [first.name, second.name] };
}
