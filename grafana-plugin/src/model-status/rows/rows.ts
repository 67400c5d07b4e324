import type { DataFrame, Field } from '@grafana/data';
import { type Series, seriesOf } from '../../reading/series.ts';
import { type Incident, type State, incidentsOf, stateOf } from '../timeline/incidents.ts';
import { samplesOf, stepOf } from '../timeline/samples.ts';
import { MAX_GAP_STEPS, type Period, segmentsOf } from '../timeline/segments.ts';
import { uptimeOf } from '../timeline/uptime.ts';
import { type ModelId, type Reading, fieldsOf, modelOf, readingsOf } from './readings.ts';
import type { ErrorRatio, Latency, Row } from './row.ts';
import { DEFAULT_LIMIT_SECONDS, levelOf } from './thresholds.ts';
import { ratioOf, secondsOf } from './units.ts';

/** What the queries of the panel are called. */
export const QUERIES = { state: 'state', errors: 'errors', p95: 'p95', limit: 'limit' } as const;

export interface RowsInput {
  readonly frames: readonly DataFrame[];
  /** Of the data, Unix milliseconds. */
  readonly range: Period;
  /** Unix milliseconds: what of the range is still to come is no missing data. */
  readonly now: number;
  /** Step of the queries in milliseconds, for data that does not tell. */
  readonly fallbackStep: number;
}

/** A ratio or quantile over a window outlives its last request by about this long. */
const FRESH_MS = 5 * 60_000;
/** Three runs of a probe that runs every five minutes: that many good ones in a row are no chance any more. */
const ON_AND_OFF_MS = 15 * 60_000;

interface Gathered {
  readonly id: ModelId;
  readonly series: Series[];
}

export interface ModelRows {
  readonly rows: readonly Row[];
  /** Between two samples, milliseconds. */
  readonly stepMs: number;
  /** What of the range is over. */
  readonly period: Period;
}

/** One row per account and model that any query but the limits names, in no particular order. */
export function rowsOf({ frames, range, now, fallbackStep }: RowsInput): ModelRows {
  const stepMs = stepOf(frames, QUERIES.state, fallbackStep);
  const period = { from: range.from, to: Math.max(range.from, Math.min(range.to, now)) };
  return { rows: readRows(frames, period, stepMs), stepMs, period };
}

function readRows(frames: readonly DataFrame[], period: Period, stepMs: number): Row[] {
  const oldest = period.to - Math.max(FRESH_MS, MAX_GAP_STEPS * stepMs);
  const numbers = {
    p95: readingsOf(frames, QUERIES.p95, oldest),
    errors: readingsOf(frames, QUERIES.errors, oldest),
    limit: readingsOf(frames, QUERIES.limit, Number.NEGATIVE_INFINITY),
  };
  const judged = gather(frames);
  const models = [...judged.values(), ...unjudged(judged, [...numbers.p95.models, ...numbers.errors.models])];
  const linked = linkedFields(frames);
  return models.map(({ id, series }) => {
    const segments = segmentsOf(samplesOf(series), period, stepMs);
    const incidents = incidentsOf(segments);
    const p95 = numbers.p95.of(id);
    const reading = numbers.errors.of(id);
    const errors = reading && errorRatioOf(reading);
    const state = stateOf(segments, incidents);
    const isFailingUnseen = isContradicted(state, errors);
    return {
      ...id,
      key: keyOf(id),
      segments,
      state,
      uptime: uptimeOf(segments),
      incident: incidents.at(-1),
      incidents: { count: incidents.length, from: incidents[0]?.from },
      isFailingUnseen,
      onAndOff: isFailingUnseen ? justNow(incidents.at(-1), period.to) : undefined,
      latency: p95 && latencyOf(p95, numbers.limit.of(id)),
      errors,
      linked: linked.get(keyOf(id)) ?? reading?.field ?? p95?.field,
    };
  });
}

function isContradicted({ verdict = 'ok' }: State, errors: ErrorRatio | undefined): boolean {
  return verdict === 'ok' && errors !== undefined && errors.level > 0;
}

/** The verdict of an incident that has not been over for long. */
function justNow(incident: Incident | undefined, now: number): string | undefined {
  return incident !== undefined && now - incident.to <= ON_AND_OFF_MS ? incident.verdict : undefined;
}

/** The series of the verdicts, by model. */
function gather(frames: readonly DataFrame[]): Map<string, Gathered> {
  const models = new Map<string, Gathered>();
  for (const series of seriesOf(frames, QUERIES.state)) {
    const id = modelOf(series.labels);
    if (id === undefined || series.labels.verdict === undefined) continue;
    const known = models.get(keyOf(id));
    if (known === undefined) {
      models.set(keyOf(id), { id, series: [series] });
    } else {
      known.series.push(series);
    }
  }
  return models;
}

/** The field of each model that its links are configured on: of its first verdict. */
function linkedFields(frames: readonly DataFrame[]): Map<string, Field> {
  const fields = fieldsOf(frames, QUERIES.state).flatMap(({ field }) => {
    const id = modelOf(field.labels ?? {});
    return id === undefined ? [] : [[keyOf(id), field] as const];
  });
  return new Map(fields.reverse());
}

/** Models with traffic that nobody judges: no probe is configured for them. */
function unjudged(judged: ReadonlyMap<string, Gathered>, seen: readonly ModelId[]): Gathered[] {
  const judgedIds = new Set([...judged.values()].map(({ id }) => id.endpointId));
  const others = new Map<string, ModelId>();
  for (const id of seen) {
    // Numbers without an account belong to every account of the model.
    const isJudged = id.account === undefined ? judgedIds.has(id.endpointId) : judged.has(keyOf(id));
    const isShared = judged.has(keyOf({ ...id, account: undefined }));
    if (!isJudged && !isShared) others.set(keyOf(id), id);
  }
  return [...others.values()].map((id) => ({ id, series: [] }));
}

function latencyOf(p95: Reading, limit: Reading | undefined): Latency {
  const seconds = secondsOf(p95.value, p95.field.config.unit);
  const configured = limit && secondsOf(limit.value, limit.field.config.unit);
  const limitSeconds = configured ?? DEFAULT_LIMIT_SECONDS;
  const isOver = seconds !== undefined && seconds > limitSeconds;
  return { p95, seconds, limitSeconds, isDefaultLimit: configured === undefined, isOver };
}

function errorRatioOf(reading: Reading): ErrorRatio {
  const { thresholds, unit } = reading.field.config;
  const ratio = ratioOf(reading.value, unit);
  return { reading, ratio, ...levelOf(reading.value, { thresholds, ratio }) };
}

function keyOf({ endpointId, account }: ModelId): string {
  return JSON.stringify([account ?? null, endpointId]);
}
