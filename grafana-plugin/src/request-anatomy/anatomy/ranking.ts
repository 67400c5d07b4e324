import type { Estimate } from '../histogram/estimate.ts';
import type { Row } from './anatomy.ts';
import { type Claim, claimOf } from './claim.ts';
import type { ModelAnatomy, ToldAnatomy } from './model-anatomy.ts';
import type { AnatomyOptions } from '../options.ts';

/** The quantile that models are judged by, as alerts and limits do. */
const JUDGED_BY = 0.95;

export interface Ranked {
  readonly shown: readonly ModelAnatomy[];
  /** Models that are there and do not fit the limit. */
  readonly left: number;
}

/** The row that speaks for a model: P95, or else its highest quantile, or else the mean. */
export function headlineOf({ rows }: Pick<ToldAnatomy, 'rows'>): Row | undefined {
  return (
    rows.find(({ statistic }) => statistic === JUDGED_BY) ??
    rows.findLast(({ statistic }) => statistic !== 'mean') ??
    rows.at(-1)
  );
}

/** What may be said of that row. */
export function headlineClaimOf(model: ToldAnatomy): Claim | undefined {
  const row = headlineOf(model);
  return row === undefined ? undefined : claimOf(row, model.coverage);
}

/** Models in the order of their urgency, those without a finished request last; ties by name. */
export function ranked(models: readonly ModelAnatomy[], { sort, maxModels }: AnatomyOptions): Ranked {
  const rankOf = sort === 'name' ? () => 0 : sort === 'requests' ? requestsOf : slownessOf;
  const keyed = models.map((model) => ({ model, isTold: model.kind === 'told', rank: rankOf(model) }));
  keyed.sort(
    (a, b) =>
      Number(b.isTold) - Number(a.isTold) ||
      compare(b.rank, a.rank) ||
      compare(a.model.endpointId, b.model.endpointId),
  );
  const shown = keyed.slice(0, maxModels).map(({ model }) => model);
  return { shown, left: keyed.length - shown.length };
}

function requestsOf(model: ModelAnatomy): number {
  return model.kind === 'told' ? model.requests : 0;
}

/** Above the highest bound there is no telling how far: first. */
function slownessOf(model: ModelAnatomy): number {
  const total: Estimate | undefined = model.kind === 'told' ? headlineOf(model)?.total : undefined;
  if (total === undefined) return -1;
  return total.high === Infinity ? Infinity : total.value;
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
