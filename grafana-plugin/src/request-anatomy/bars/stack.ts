import type { Row } from '../anatomy/anatomy.ts';
import type { Axis } from './axis.ts';
import type { SegmentName } from '../anatomy/part.ts';

/** A piece of a bar; numbers are shares of its width. */
export interface Piece {
  readonly name: SegmentName;
  readonly from: number;
  readonly to: number;
  /** Up to here the part took that long for certain; from here on it is inferred. */
  readonly sureTo: number;
}

export interface Stack {
  readonly pieces: readonly Piece[];
  readonly total: { readonly value: number; readonly low: number; readonly high: number };
  /** The total may be anything above `low`. */
  readonly isOpen: boolean;
}

/** The bar of a row on an axis. Parts that take no room are left out. */
export function stackOf({ segments, total }: Row, { position }: Axis): Stack {
  let start = 0;
  const pieces = segments.map(({ name, estimate }): Piece => {
    const from = start;
    start += estimate.value;
    return {
      name,
      from: position(from),
      to: position(start),
      sureTo: position(from + Math.min(estimate.low, estimate.value)),
    };
  });
  return {
    pieces: pieces.filter(({ from, to }) => to > from),
    total: { value: position(total.value), low: position(total.low), high: position(total.high) },
    isOpen: total.high === Infinity,
  };
}
