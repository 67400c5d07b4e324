import type { DataFrame, Field, FieldConfig, Labels } from '@grafana/data';

/** A frame as the Prometheus data source gives it for one series of an instant query. */
export function seriesFrame(refId: string, labels: Labels, values: readonly unknown[]): DataFrame {
  return {
    refId,
    length: values.length,
    fields: [
      field('Time', 'time', { values: values.map((_, index) => 1000 + index) }),
      field('Value', 'number', { labels, values }),
    ],
  };
}

/** A histogram as its series, in cumulative counts by `le`. */
export function bucketFrames(
  refId: string,
  endpointId: string,
  counts: Readonly<Record<string, number>>,
): DataFrame[] {
  return Object.entries(counts).map(([le, count]) =>
    seriesFrame(refId, { endpoint_id: endpointId, le }, [count]),
  );
}

interface FieldParts {
  readonly values: readonly unknown[];
  readonly labels?: Labels;
  readonly config?: FieldConfig;
  readonly getLinks?: NonNullable<Field['getLinks']>;
}

/** A field; its type comes as the word that Grafana's enum stands for, because only types of it run on Node. */
export function field(
  name: string,
  type: 'time' | 'number' | 'string',
  { values, config = {}, ...parts }: FieldParts,
): Field {
  return { name, type: type as Field['type'], config, ...parts, values: [...values] };
}
