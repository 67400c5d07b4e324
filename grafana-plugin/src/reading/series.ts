import type { DataFrame, Field } from '@grafana/data';

/** One series of one query, in the words of Prometheus. Gaps, NaN and infinities are undefined: unknown, never 0. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix milliseconds, ascending. */
  readonly times: readonly number[];
  readonly values: readonly (number | undefined)[];
}

export interface Latest {
  /** Unix milliseconds. */
  readonly time: number;
  readonly value: number;
}

/**
 * The series that the query `refId` gave, whichever shape they came in: a frame per series, or one wide frame. Frames
 * of exemplars, and fields that are no numbers, are left out. A frame without times has the time 0.
 */
export function seriesOf(frames: readonly DataFrame[], refId: string): Series[] {
  return frames
    .filter((frame) => frame.refId === refId && !isExemplars(frame))
    .flatMap((frame) => {
      const time = frame.fields.find((field) => String(field.type) === 'time');
      const numbers = frame.fields.filter((field) => String(field.type) === 'number');
      return numbers.map((field) => seriesFrom(field, time));
    })
    .filter(({ values }) => values.length > 0);
}

/** The newest known value of a series; undefined when it has none. */
export function latestOf({ times, values }: Series): Latest | undefined {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value = values[index];
    if (value !== undefined) return { time: times[index] ?? 0, value };
  }
  return undefined;
}

/** Whether a frame holds exemplars of a series instead of the series. */
export function isExemplars(frame: DataFrame): boolean {
  const custom: unknown = frame.meta?.custom;
  if (typeof custom !== 'object' || custom === null || !('resultType' in custom)) return false;
  return custom.resultType === 'exemplar';
}

function seriesFrom(field: Field, time: Field | undefined): Series {
  const times: number[] = [];
  const values: (number | undefined)[] = [];
  for (let index = 0; index < field.values.length; index += 1) {
    const at: unknown = time?.values[index];
    times.push(typeof at === 'number' ? at : 0);
    values.push(numberOf(field.values[index]));
  }
  return { labels: field.labels ?? {}, times, values };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
