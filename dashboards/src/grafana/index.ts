/** The vocabulary of the dashboards. Only this folder knows Grafana's SDK and its JSON. */
export { barGauge } from './bar-gauge.ts';
export { buildDashboard, PRODUCT_TAG, type DashboardSpec, type Row } from './dashboard.ts';
export { heatmap } from './heatmap.ts';
export {
  coloredNumbers,
  DASHED,
  fixedColor,
  mappingsOf,
  stateCells,
  thresholds,
  type Override,
  type Step,
  type Words,
} from './look.ts';
export type { Json } from './normalise.ts';
export type { PanelSpec, Placed, TileSize, ValueLink } from './panel.ts';
export { pluginPanel } from './plugin-panel.ts';
export { DATASOURCE, tableQuery, type Query } from './query.ts';
export { stat } from './stat.ts';
export { table } from './table.ts';
export { timeSeries } from './time-series.ts';
export { stateTimeline, statusHistory } from './timelines.ts';
export { columns, joinedBy, merged, withoutOwner } from './transform.ts';
