import type { PanelLibrary } from '../plugin-loader.ts';
import { barGaugePanel } from './bar-gauge-panel.tsx';
import { heatmapPanel } from './heatmap-panel.tsx';
import { statPanel } from './stat-panel.tsx';
import { stateTimelinePanel, statusHistoryPanel } from './state-panels.tsx';
import { tablePanel } from './table-panel.tsx';
import { textPanel } from './text-panel.tsx';
import { timeSeriesPanel } from './time-series-panel.tsx';

/**
 * Stand-ins for the panels of Grafana's core, which is not on npm: the parts that `@grafana/ui` has, around the same
 * options and field options. A dashboard that uses another type fails to load that panel, which a test sees.
 */
export function addCorePanels(panels: PanelLibrary): void {
  panels.add('timeseries', timeSeriesPanel());
  panels.add('stat', statPanel());
  panels.add('table', tablePanel());
  panels.add('bargauge', barGaugePanel());
  panels.add('state-timeline', stateTimelinePanel());
  panels.add('status-history', statusHistoryPanel());
  panels.add('heatmap', heatmapPanel());
  panels.add('text', textPanel());
}
