/** A type of Grafana's SDK that a part of a dashboard must be. */
export interface SchemaSource {
  /** File name of the schema. */
  readonly name: string;
  /** Folder of the SDK. */
  readonly module: string;
  readonly type: string;
}

/** By the `type` of the panels that we draw. Panels of our own plugin have options of their own. */
export const PANEL_MODULES: Readonly<Record<string, string>> = {
  bargauge: 'bargauge',
  heatmap: 'heatmap',
  stat: 'stat',
  'state-timeline': 'statetimeline',
  'status-history': 'statushistory',
  table: 'table',
  timeseries: 'timeseries',
};

/** Panels whose fields have options of their own; the SDK has those of a table and a time series in `common`. */
const FIELD_TYPES: readonly SchemaSource[] = [
  { name: 'statetimeline-field', module: 'statetimeline', type: 'FieldConfig' },
  { name: 'statushistory-field', module: 'statushistory', type: 'FieldConfig' },
  { name: 'timeseries-field', module: 'common', type: 'GraphFieldConfig' },
];

export const SCHEMAS: readonly SchemaSource[] = [
  { name: 'dashboard', module: 'dashboard', type: 'Dashboard' },
  { name: 'query', module: 'prometheus', type: 'Dataquery' },
  ...Object.values(PANEL_MODULES).map((module) => ({ name: `${module}-options`, module, type: 'Options' })),
  ...FIELD_TYPES,
];
