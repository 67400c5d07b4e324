import type { DataFrame } from '@grafana/data';
import { isExemplars } from './series.ts';

/** A query that a panel reads, found by its refId. */
export interface Wanted {
  readonly refId: string;
  /** Without it the panel has nothing to show. */
  readonly isRequired: boolean;
  /** Labels that each of its series must have. */
  readonly labels: readonly string[];
}

/** Why a panel cannot show what it is asked to, or shows a part; the panel finds the words. */
export type Trouble =
  | { readonly kind: 'query_missing'; readonly refId: string }
  | { readonly kind: 'no_data'; readonly refId: string }
  | { readonly kind: 'label_missing'; readonly refId: string; readonly label: string }
  | { readonly kind: 'no_numbers'; readonly refId: string };

/**
 * What is wrong with the answers to the queries of a panel. `asked` are the refIds that the panel's queries have,
 * where that is known: a query that is there and gave nothing is something else than one that is not there.
 */
export function troublesOf(
  frames: readonly DataFrame[],
  wanted: readonly Wanted[],
  asked?: readonly string[],
): Trouble[] {
  return wanted.flatMap((want): Trouble[] => {
    const own = frames.filter((frame) => frame.refId === want.refId && !isExemplars(frame));
    if (own.length === 0) {
      const isAsked = asked?.includes(want.refId) ?? false;
      return want.isRequired ? [{ kind: isAsked ? 'no_data' : 'query_missing', refId: want.refId }] : [];
    }
    return troublesIn(own, want);
  });
}

function troublesIn(frames: readonly DataFrame[], { refId, labels, isRequired }: Wanted): Trouble[] {
  if (frames.every(({ length }) => length === 0)) return isRequired ? [{ kind: 'no_data', refId }] : [];
  const numbers = frames.flatMap(({ fields }) => fields.filter(({ type }) => String(type) === 'number'));
  if (numbers.length === 0) return [{ kind: 'no_numbers', refId }];
  const missing = labels.find((label) => numbers.some((field) => field.labels?.[label] === undefined));
  return missing === undefined ? [] : [{ kind: 'label_missing', refId, label: missing }];
}
