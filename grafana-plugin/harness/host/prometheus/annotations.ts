import { renderLegendFormat } from '@grafana/data';
import type { AnnotationEvent, AnnotationQuery, DataFrame } from '@grafana/data';
import type { PromQuery } from './query.ts';

interface PromAnnotation extends AnnotationQuery<PromQuery> {
  readonly titleFormat?: string;
  readonly textFormat?: string;
  /** Labels whose values become tags, separated by commas. */
  readonly tagKeys?: string;
  readonly useValueForTime?: boolean;
}

/**
 * Regions in which an expression had a value other than 0, one for each unbroken run of points of each series, with
 * title, text and tags from its labels.
 */
export function annotationEvents(
  annotation: AnnotationQuery<PromQuery>,
  frames: DataFrame[],
): AnnotationEvent[] {
  return frames.flatMap((frame) => regionsOf(frame, annotation as PromAnnotation));
}

function regionsOf({ fields: [time, value] }: DataFrame, annotation: PromAnnotation): AnnotationEvent[] {
  const { titleFormat = '', textFormat = '', tagKeys = '' } = annotation;
  const labels = { ...value?.labels };
  const stepMs = time?.config.interval ?? 60_000;
  const times = ((time?.values ?? []) as number[]).filter((_, i) => Number(value?.values[i]) !== 0);
  const tags = tagKeys
    .split(',')
    .map((key) => labels[key.trim()] ?? '')
    .filter((tag) => tag !== '');
  return runs(times, stepMs).map(([from, to]) => ({
    time: from,
    timeEnd: to,
    isRegion: to > from,
    title: renderLegendFormat(titleFormat, labels),
    text: renderLegendFormat(textFormat, labels),
    tags,
    color: annotation.iconColor,
    source: annotation,
  }));
}

/** First and last time of each unbroken run. */
function runs(times: readonly number[], stepMs: number): [number, number][] {
  const found: [number, number][] = [];
  for (const at of times) {
    const last = found.at(-1);
    if (last !== undefined && at - last[1] <= stepMs) last[1] = at;
    else found.push([at, at]);
  }
  return found;
}
