import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapTooltipBuilder,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
  CellValuesBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { HeatmapCellLayout, TooltipDisplayMode } from './common.ts';
import { placed, type PanelSpec, type Placed } from './panel.ts';

export interface HeatmapSpec extends PanelSpec {
  /** Unit of the numbers in the cells; `unit` is that of the axis. */
  readonly cellUnit: string;
}

/** How many requests took how long, over time. Its queries give cumulative buckets in the format `heatmap`. */
export function heatmap(spec: HeatmapSpec): Placed {
  const color = new HeatmapColorOptionsBuilder()
    .mode(HeatmapColorMode.Scheme)
    .scheme('Oranges')
    .exponent(0.5)
    .steps(64)
    .reverse(false);
  const builder = new PanelBuilder()
    .calculate(false)
    .color(color)
    .cellGap(1)
    .cellValues(new CellValuesBuilder().unit(spec.cellUnit))
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
    .yAxis(new YAxisConfigBuilder().unit(spec.unit).reverse(false))
    .tooltip(
      new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true).showColorScale(false),
    )
    .showLegend();
  return placed(builder, spec);
}
