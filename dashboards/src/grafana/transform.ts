import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';

/** Cuts the owner off the model's name in legends: long ids are cut off at the wrong end. */
export function withoutOwner(): DataTransformerConfig {
  return { id: 'renameByRegex', options: { regex: '^(.*? )?[^/ ]+/(.+)$', renamePattern: '$1$2' } };
}

/** Puts the answers to several instant queries (format table) side by side, a row per value of the label. */
export function joinedBy(label: string): DataTransformerConfig {
  return { id: 'joinByField', options: { byField: label, mode: 'outer' } };
}

/** Rows of several queries below each other, equal labels in one row. */
export function merged(): DataTransformerConfig {
  return { id: 'merge', options: {} };
}

/** Columns in this order under these names, `['Value #p95', 'P95']`; all others are hidden. */
export function columns(
  wanted: readonly (readonly [field: string, name: string])[],
): DataTransformerConfig[] {
  return [
    { id: 'filterFieldsByName', options: { include: { names: wanted.map(([field]) => field) } } },
    {
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(wanted.map(([field], index) => [field, index])),
        renameByName: Object.fromEntries(wanted),
      },
    },
  ];
}
