import type { DataFrame, Field } from '@grafana/data';
import { type Latest, isExemplars } from '../../reading/series.ts';

/** The newest number of a query for one model. */
export interface Reading {
  readonly value: number;
  /** The field it comes from: its unit, decimals, thresholds, links. */
  readonly field: Field;
}

export interface ModelId {
  readonly endpointId: string;
  /** undefined where the series does not say. */
  readonly account: string | undefined;
}

/** Newest numbers of one query. */
export interface Readings {
  /**
   * The number for a model: of its own account where the series tell accounts apart, otherwise of the model. Where
   * there are several, the largest: the worst ratio, the slowest, the most patient limit.
   */
  of(id: ModelId): Reading | undefined;
  /** The models that there is a number for. */
  readonly models: readonly ModelId[];
}

/** `oldest`: Unix milliseconds before which a number says nothing about now. */
export function readingsOf(frames: readonly DataFrame[], refId: string, oldest: number): Readings {
  const models: ModelId[] = [];
  const byEndpoint = new Map<string, { readonly account: string | undefined; readonly reading: Reading }[]>();
  for (const { field, time } of fieldsOf(frames, refId)) {
    const reading = newestIn(field, time);
    const id = modelOf(field.labels ?? {});
    // A frame without times holds what is true now.
    if (reading === undefined || id === undefined || (time !== undefined && reading.time < oldest)) continue;
    models.push(id);
    const others = byEndpoint.get(id.endpointId) ?? [];
    others.push({ account: id.account, reading: { value: reading.value, field } });
    byEndpoint.set(id.endpointId, others);
  }
  return {
    models,
    of: ({ endpointId, account }) => {
      const all = byEndpoint.get(endpointId) ?? [];
      const own = all.filter((one) => one.account === account);
      const shared = all.filter((one) => one.account === undefined);
      const fitting = [own, shared, account === undefined ? all : []].find(({ length }) => length > 0) ?? [];
      return fitting.map(({ reading }) => reading).reduce<Reading | undefined>(larger, undefined);
    },
  };
}

/** The model that labels name; undefined without an endpoint_id. */
export function modelOf(labels: Readonly<Record<string, string>>): ModelId | undefined {
  const { endpoint_id: endpointId, account } = labels;
  if (endpointId === undefined || endpointId === '') return undefined;
  return { endpointId, account: account === '' ? undefined : account };
}

/** The numbers of a query, each with its times. */
export function fieldsOf(
  frames: readonly DataFrame[],
  refId: string,
): { field: Field; time: Field | undefined }[] {
  return frames
    .filter((frame) => frame.refId === refId && !isExemplars(frame))
    .flatMap(({ fields }) => {
      const time = fields.find(({ type }) => String(type) === 'time');
      return fields.filter(({ type }) => String(type) === 'number').map((field) => ({ field, time }));
    });
}

/** The last known number, without reading all before it: a panel has a hundred thousand of them. */
function newestIn({ values }: Field, times: Field | undefined): Latest | undefined {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value: unknown = values[index];
    const time: unknown = times?.values[index];
    if (typeof value === 'number' && Number.isFinite(value)) {
      return { value, time: typeof time === 'number' ? time : 0 };
    }
  }
  return undefined;
}

function larger(one: Reading | undefined, other: Reading): Reading {
  return one === undefined || other.value > one.value ? other : one;
}
