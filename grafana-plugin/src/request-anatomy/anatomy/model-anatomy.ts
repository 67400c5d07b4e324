import type { DataFrame } from '@grafana/data';
import { type Series, latestOf, seriesOf } from '../../reading/series.ts';
import type { Wanted } from '../../reading/wanted.ts';
import { type Anatomy, type AnatomyQuestion, type Measurement, anatomyOf } from './anatomy.ts';
import { type Bucket, type HistogramTrouble, histogramOf, isHistogram } from '../histogram/histogram.ts';
import { PARTS, type PartName } from './part.ts';

/** The refId of a histogram. */
export type Measured = PartName | 'total';

/** Buckets that make no histogram, and where. */
export interface BrokenHistogram {
  readonly refId: Measured;
  readonly trouble: HistogramTrouble;
}

/** What the requests of one model tell. */
export interface ToldAnatomy extends Anatomy {
  readonly kind: 'told';
  readonly endpointId: string;
  readonly requests: number;
  /** Seconds; the P95 limit in force. */
  readonly limit?: number | undefined;
  /** Parts that had to be left out; the rest holds them. */
  readonly broken: readonly BrokenHistogram[];
}

export type ModelAnatomy =
  | ToldAnatomy
  /** No request finished. */
  | { readonly kind: 'empty'; readonly endpointId: string }
  /** The durations themselves are no histogram. */
  | { readonly kind: 'broken'; readonly endpointId: string; readonly trouble: HistogramTrouble };

export const WANTED: readonly Wanted[] = [
  { refId: 'total', isRequired: true, labels: ['endpoint_id', 'le'] },
  ...PARTS.map(({ name }) => ({ refId: name, isRequired: false, labels: ['endpoint_id', 'le'] })),
  ...['total', ...PARTS.map(({ name }) => name)].map((name) => ({
    refId: `${name}_sum`,
    isRequired: false,
    labels: ['endpoint_id'],
  })),
  { refId: 'limit', isRequired: false, labels: ['endpoint_id'] },
];

type ByModel<T> = ReadonlyMap<string, T>;

/** The answers to the queries, sorted by model. */
interface Answers {
  readonly buckets: Readonly<Record<Measured, ByModel<readonly Bucket[]>>>;
  readonly sums: Readonly<Record<Measured, ByModel<readonly number[]>>>;
  readonly limits: ByModel<readonly number[]>;
  /** Parts that a query asks for, whether or not it gave anything. */
  readonly asked: ReadonlySet<string>;
}

/**
 * Every model that the query `total` gave series for, in no particular order. Series without the labels are left
 * out. `asked` are the refIds of the panel's queries, where they are known.
 */
export function modelAnatomies(
  frames: readonly DataFrame[],
  question: AnatomyQuestion,
  asked: readonly string[] = [],
): ModelAnatomy[] {
  const answers = answersIn(frames, asked);
  return [...answers.buckets.total.keys()].map((endpointId) => modelAnatomy(endpointId, answers, question));
}

function answersIn(frames: readonly DataFrame[], asked: readonly string[]): Answers {
  const each = <T>(read: (refId: Measured) => T): Record<Measured, T> => ({
    total: read('total'),
    queue: read('queue'),
    inference: read('inference'),
    upload: read('upload'),
    fetch: read('fetch'),
  });
  return {
    buckets: each((refId) => byModel(seriesOf(frames, refId), bucketOf)),
    sums: each((refId) => byModel(seriesOf(frames, `${refId}_sum`), valueOf)),
    limits: byModel(seriesOf(frames, 'limit'), valueOf),
    asked: new Set([...asked, ...frames.flatMap(({ refId }) => refId ?? [])]),
  };
}

function byModel<T>(all: readonly Series[], read: (series: Series) => T | undefined): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const series of all) {
    const endpointId = series.labels.endpoint_id;
    const value = read(series);
    if (endpointId === undefined || value === undefined) continue;
    const others = found.get(endpointId);
    if (others === undefined) found.set(endpointId, [value]);
    else others.push(value);
  }
  return found;
}

/** A bucket without a number is no bucket: what is left of the histogram is coarser, and still true. */
function bucketOf(series: Series): Bucket | undefined {
  const { le } = series.labels;
  const count = valueOf(series);
  return le === undefined || count === undefined ? undefined : { le, count };
}

function valueOf(series: Series): number | undefined {
  return latestOf(series)?.value;
}

function modelAnatomy(endpointId: string, answers: Answers, question: AnatomyQuestion): ModelAnatomy {
  const total = histogramOf(answers.buckets.total.get(endpointId) ?? []);
  if (!isHistogram(total)) return { kind: 'broken', endpointId, trouble: total };
  if (total.count <= 0) return { kind: 'empty', endpointId };
  const { parts, broken } = partsOf(endpointId, answers);
  const limits = answers.limits.get(endpointId) ?? [];
  return {
    kind: 'told',
    endpointId,
    requests: total.count,
    // Several accounts, several limits: the strictest one is the one that is broken first.
    limit: limits.length > 0 ? Math.min(...limits) : undefined,
    broken,
    ...anatomyOf({ total: { histogram: total, sum: sumOf(endpointId, answers, 'total') }, parts }, question),
  };
}

interface Parts {
  readonly parts: Partial<Record<PartName, Measurement>>;
  readonly broken: readonly BrokenHistogram[];
}

function partsOf(endpointId: string, answers: Answers): Parts {
  const parts: Partial<Record<PartName, Measurement>> = {};
  const broken: BrokenHistogram[] = [];
  for (const { name } of PARTS) {
    if (!answers.asked.has(name)) continue;
    const histogram = histogramOf(answers.buckets[name].get(endpointId) ?? []);
    if (isHistogram(histogram)) parts[name] = { histogram, sum: sumOf(endpointId, answers, name) };
    else broken.push({ refId: name, trouble: histogram });
  }
  return { parts, broken };
}

function sumOf(endpointId: string, { sums }: Answers, refId: Measured): number | undefined {
  const values = sums[refId].get(endpointId);
  return values?.reduce((sum, value) => sum + value, 0);
}
