/** Data for the plugin's panels as Prometheus would answer their queries, without a Prometheus. */
import type { FrameJson } from './browser.ts';

/** Times in ms since the epoch; the series have a point at each step from `from` to `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
}

type Labels = Readonly<Record<string, string>>;
type ValueAt = (at: number, step: number) => number | string | null | undefined;

const HOUR_MS = 3_600_000;

/** One series of a range query; steps for which there is no value have no point. */
export function series(
  refId: string,
  labels: Labels,
  { from, to, stepSeconds }: Span,
  valueAt: ValueAt,
): FrameJson {
  const points: [number, number | string | null][] = [];
  for (let at = from, step = 0; at <= to; at += stepSeconds * 1000, step += 1) {
    const value = valueAt(at, step);
    if (value !== undefined) points.push([at, value]);
  }
  return {
    refId,
    meta: { type: 'timeseries-multi', custom: { resultType: 'matrix' } },
    fields: [
      {
        name: 'Time',
        type: 'time',
        values: points.map(([at]) => at),
        config: { interval: stepSeconds * 1000 },
      },
      { name: 'Value', type: 'number', labels, values: points.map(([, value]) => value) },
    ],
  };
}

/** One series of an instant query. */
export function instant(refId: string, labels: Labels, at: number, value: number): FrameJson {
  return {
    refId,
    meta: { type: 'numeric-multi', custom: { resultType: 'vector' } },
    fields: [
      { name: 'Time', type: 'time', values: [at] },
      { name: 'Value', type: 'number', labels, values: [value] },
    ],
  };
}

/** Names of models as fal has them, as many as wanted. */
export function modelNames(count: number): string[] {
  const known = [
    'fal-ai/flux/dev',
    'fal-ai/flux/schnell',
    'fal-ai/fast-sdxl',
    'fal-ai/kling-video/v2/master',
  ];
  return Array.from({ length: count }, (_, i) => known[i] ?? `fal-ai/model-${i}/v${(i % 3) + 1}`);
}

/**
 * Verdicts, error ratios, P95 and limits. The first model is failing for the last two hours, the second was for one
 * hour in the middle; the others are well.
 */
export function modelStatusFrames(models: readonly string[], span: Span): FrameJson[] {
  const middle = (span.from + span.to) / 2;
  return models.flatMap((endpointId, i) => {
    const isSick = (at: number): boolean =>
      (i === 0 && at >= span.to - 2 * HOUR_MS) || (i === 1 && Math.abs(at - middle) <= HOUR_MS / 2);
    const state = (verdict: string): Labels => ({ account: 'default', endpoint_id: endpointId, verdict });
    const labels = { endpoint_id: endpointId };
    return [
      series('state', state('ok'), span, (at) => (isSick(at) ? undefined : 1)),
      ...(i < 2 ? [series('state', state('model'), span, (at) => (isSick(at) ? 1 : undefined))] : []),
      series('errors', labels, span, (at) => (isSick(at) ? 0.5 : 0)),
      series('p95', labels, span, (at, step) => (isSick(at) ? 42 : 2 + (step % 5) / 10)),
      instant('limit', labels, span.to, 60),
    ];
  });
}

const BOUNDS = ['0.5', '1.0', '2.0', '4.0', '6.0', '10.0', '20.0', '60.0', '+Inf'];

/** Cumulative buckets of each part of a request, and their sums. */
export function anatomyFrames(models: readonly string[], at: number): FrameJson[] {
  const parts = { total: 4.2, queue: 1.1, inference: 2.4, upload: 0.3, fetch: 0.2 };
  return models.flatMap((endpointId, i) =>
    Object.entries(parts).flatMap(([part, mean]) => {
      const scaled = mean * (1 + i / 4);
      const labels = { endpoint_id: endpointId };
      return [
        ...BOUNDS.map((le) => instant(part, { ...labels, le }, at, 200 * shareBelow(le, scaled))),
        instant(`${part}_sum`, labels, at, 200 * scaled),
      ];
    }),
  );
}

/** Of an exponential distribution with that mean. */
function shareBelow(le: string, mean: number): number {
  return le === '+Inf' ? 1 : 1 - Math.exp(-Number(le) / mean);
}

/** A balance that falls by two dollars an hour, with one top-up, thresholds, and a grant that expires in five days. */
export function runwayFrames(span: Span): FrameJson[] {
  const labels = { account: 'default' };
  const middle = (span.from + span.to) / 2;
  const balanceAt = (at: number): number => 40 - (2 * (at - span.from)) / HOUR_MS + (at >= middle ? 25 : 0);
  return [
    series('balance', labels, span, balanceAt),
    series('topups', labels, span, (at) => (Math.abs(at - middle) < span.stepSeconds * 500 ? 25 : 0)),
    instant('burn', { ...labels, window: '1h' }, span.to, 2.1),
    instant('burn', { ...labels, window: '24h' }, span.to, 2),
    instant('threshold', { ...labels, severity: 'warning' }, span.to, 10),
    instant('threshold', { ...labels, severity: 'critical' }, span.to, 2),
    instant('locked', { ...labels, reason: 'exhausted_balance' }, span.to, 0),
    instant('grants', { ...labels, grant: 'launch-credits' }, span.to, span.to / 1000 + 5 * 86_400),
    instant('contradiction', labels, span.to, 0),
  ];
}
