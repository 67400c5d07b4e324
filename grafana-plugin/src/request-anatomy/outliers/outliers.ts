import type { DataFrame, Field, LinkModel } from '@grafana/data';
import { isExemplars } from '../../reading/series.ts';

/** One slow request that left a trace of itself. */
export interface Outlier {
  /** Undefined when the exemplar does not say. */
  readonly endpointId: string | undefined;
  /** Unix milliseconds. */
  readonly time: number;
  readonly seconds: number;
  readonly traceId: string | undefined;
  /** Where to look at the trace; asked for late, because it costs. */
  readonly links: () => readonly LinkModel<Field>[];
}

/** How data sources call the label; what is linked beats its name. */
const TRACE_ID = /^trace_?id$/i;

/**
 * The slowest exemplars of each model, slowest first, `most` of each; one trace comes once. An exemplar without a
 * model is that of `only`, the one model that there is.
 */
export function outliersOf(
  frames: readonly DataFrame[],
  most: number,
  only?: string,
): Map<string, Outlier[]> {
  const slowestFirst = frames
    .filter((frame) => frame.refId === 'exemplars' && isExemplars(frame))
    .flatMap((frame) => outliersIn(frame))
    .sort((a, b) => b.seconds - a.seconds || b.time - a.time);
  const found = new Map<string, Outlier[]>();
  const seen = new Set<string>();
  for (const outlier of slowestFirst) {
    const endpointId = outlier.endpointId ?? only;
    const identity = outlier.traceId ?? `${outlier.time}/${outlier.seconds}`;
    const key = `${endpointId ?? ''}\n${identity}`;
    if (endpointId === undefined || seen.has(key)) continue;
    seen.add(key);
    const others = found.get(endpointId) ?? [];
    if (others.length < most) found.set(endpointId, [...others, outlier]);
  }
  return found;
}

function outliersIn({ fields, length }: DataFrame): Outlier[] {
  const named = (name: string): Field | undefined => fields.find((field) => field.name === name);
  const time = fields.find(({ type }) => String(type) === 'time');
  const value = named('Value') ?? fields.find(({ type }) => String(type) === 'number');
  const trace =
    fields.find(({ name, config }) => TRACE_ID.test(name) && hasLinks(config)) ??
    fields.find(({ type, config }) => String(type) === 'string' && hasLinks(config)) ??
    fields.find(({ name }) => TRACE_ID.test(name));
  return Array.from({ length }, (_, row) => row).flatMap((row): Outlier[] => {
    const seconds: unknown = value?.values[row];
    const at: unknown = time?.values[row];
    if (typeof seconds !== 'number' || !Number.isFinite(seconds) || typeof at !== 'number') return [];
    return [
      {
        endpointId: textAt(named('endpoint_id'), row) ?? value?.labels?.endpoint_id,
        time: at,
        seconds,
        traceId: textAt(trace, row),
        links: () => trace?.getLinks?.({ valueRowIndex: row }) ?? [],
      },
    ];
  });
}

function hasLinks({ links }: Field['config']): boolean {
  return links !== undefined && links.length > 0;
}

function textAt(field: Field | undefined, row: number): string | undefined {
  const text: unknown = field?.values[row];
  return typeof text === 'string' && text !== '' ? text : undefined;
}
