import type { DataFrame, Field, FieldConfig } from '@grafana/data';

interface Given {
  readonly refId: string;
  readonly labels?: Record<string, string>;
  /** Unix milliseconds; without them the frame has no times. */
  readonly times?: readonly number[];
  readonly values: readonly unknown[];
  readonly interval?: number;
  readonly config?: FieldConfig;
}

/** A frame as the Prometheus data source gives it: one series. */
export function frame({ refId, labels = {}, times, values, interval, config = {} }: Given): DataFrame {
  const time = times && field('time', [...times], interval === undefined ? {} : { interval });
  const number = { ...field('number', [...values], config), labels };
  return { refId, fields: time === undefined ? [number] : [time, number], length: values.length };
}

// The enum of types is not there on plain Node; its values are these words.
function field(type: 'time' | 'number', values: unknown[], config: FieldConfig): Field {
  return { name: type, type: type as Field['type'], values, config };
}
