import { modelName } from '../../verdict/model-name.ts';
import { rankOf } from '../timeline/verdict-rank.ts';
import type { Row } from './row.ts';

export type Sort = 'worst' | 'name';

/** More rows than a person reads, or a browser draws in time. */
export const MAX_ROWS = 300;

const FAILING_UNSEEN = rankOf('unknown') + 0.5;

/** The rows of one account; undefined for all rows in one list. */
export interface Group {
  readonly account: string | undefined;
  readonly rows: readonly Row[];
}

export interface Arranged {
  readonly groups: readonly Group[];
  /** How many there are, shown or not. */
  readonly total: number;
  readonly shown: number;
}

/**
 * The rows in their order, by account where there are several and it is asked for: the account with the worst row
 * first, or by name. Of too many the worst are shown, whatever they are sorted by.
 */
export function arrange(
  rows: readonly Row[],
  { sort, byAccount }: { sort: Sort; byAccount: boolean },
): Arranged {
  const worst = [...rows].sort(byWorst).slice(0, MAX_ROWS);
  const shown = sort === 'name' ? worst.sort(byName) : worst;
  const accounts = [...new Set(shown.map(({ account }) => account))];
  const isGrouped = byAccount && accounts.length > 1;
  if (isGrouped && sort === 'name') accounts.sort((one, other) => compare(one ?? '', other ?? ''));
  const groups = isGrouped
    ? accounts.map((account) => ({ account, rows: shown.filter((row) => row.account === account) }))
    : [{ account: undefined, rows: shown }];
  return { groups, total: rows.length, shown: shown.length };
}

function byWorst(one: Row, other: Row): number {
  return (
    weightOf(other) - weightOf(one) ||
    (other.errors?.ratio ?? -1) - (one.errors?.ratio ?? -1) ||
    byName(one, other)
  );
}

/** Failing requests that no verdict tells of weigh more than what is unclear, and less than any verdict. */
function weightOf({ state, isFailingUnseen }: Row): number {
  return isFailingUnseen ? FAILING_UNSEEN : rankOf(state.verdict);
}

function byName(one: Row, other: Row): number {
  return (
    compare(modelName(one.endpointId), modelName(other.endpointId)) ||
    compare(one.endpointId, other.endpointId) ||
    compare(one.account ?? '', other.account ?? '')
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
