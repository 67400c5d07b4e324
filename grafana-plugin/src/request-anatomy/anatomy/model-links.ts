import type { DataFrame, Field, LinkModel } from '@grafana/data';
import { isExemplars } from '../../reading/series.ts';

/** Where the data links of the panel lead for each model, those of the query `total`; asked for late, since they cost. */
export function modelLinks(frames: readonly DataFrame[]): Map<string, () => readonly LinkModel<Field>[]> {
  const fields = frames
    .filter((frame) => frame.refId === 'total' && !isExemplars(frame))
    .flatMap((frame) => frame.fields.filter(({ type }) => String(type) === 'number'));
  return new Map(
    fields.flatMap((field) => {
      const endpointId = field.labels?.endpoint_id;
      if (endpointId === undefined || (field.config.links ?? []).length === 0) return [];
      return [[endpointId, () => field.getLinks?.({ valueRowIndex: 0 }) ?? []] as const];
    }),
  );
}
