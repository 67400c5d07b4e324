import { toDataFrame } from '@grafana/data';
import type { DataFrame, FieldDTO, FieldType } from '@grafana/data';
import type { FieldJson, FrameJson } from './request.ts';

/** Grafana's data frames from what a test wrote down as JSON. */
export function framesFrom(frames: readonly FrameJson[]): DataFrame[] {
  return frames.map(({ fields, ...frame }) =>
    toDataFrame({ ...frame, fields: fields.map((field) => fieldFrom(field)) }),
  );
}

function fieldFrom({ type, values, ...field }: FieldJson): FieldDTO {
  const isNumber = type === undefined || type === 'number';
  return {
    ...field,
    config: { ...field.config },
    ...(type !== undefined && { type: type as FieldType }),
    ...(field.labels && { labels: { ...field.labels } }),
    values: isNumber ? values.map(numberFrom) : [...values],
  };
}

const NUMBER_WORDS: Readonly<Record<string, number>> = { NaN, '+Inf': Infinity, '-Inf': -Infinity };

function numberFrom(value: unknown): unknown {
  return typeof value === 'string' ? (NUMBER_WORDS[value] ?? value) : value;
}
