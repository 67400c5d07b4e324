import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from './common.ts';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { placed, type PanelSpec, type Placed } from './panel.ts';

export interface TimeSeriesSpec extends PanelSpec {
  /** Logarithmic axis: for latencies, which span three decades. */
  readonly isLogarithmic?: boolean | undefined;
  /** Areas or bars on top of each other: for what adds up. */
  readonly isStacked?: boolean | undefined;
  readonly draw?: 'line' | 'bars' | 'points' | undefined;
  /** Draws the thresholds as lines or as coloured ground. */
  readonly thresholdLines?: 'line' | 'area' | undefined;
  /** Columns of the legend table, `lastNotNull`, `max`; without it a list of names. */
  readonly legendValues?: readonly string[] | undefined;
  readonly legendSide?: 'right' | 'bottom' | 'none' | undefined;
  /** Longest gap that a line bridges, in milliseconds; a longer one stays a gap. */
  readonly bridgeMs?: number | undefined;
  /** The axis reaches at least so far: without it a curve that is all zero has an axis up to 100. */
  readonly softMax?: number | undefined;
  readonly softMin?: number | undefined;
  /** 0 to 100. */
  readonly fill?: number | undefined;
}

/** Curves over time. Gaps stay gaps: a line over what nobody measured would be invented. */
export function timeSeries(spec: TimeSeriesSpec): Placed {
  const builder = new PanelBuilder()
    .lineWidth(1)
    .fillOpacity(spec.fill ?? (spec.isStacked === true ? 40 : 0))
    .showPoints(spec.draw === 'points' ? VisibilityMode.Always : VisibilityMode.Auto)
    .pointSize(spec.draw === 'points' ? 6 : 4)
    .drawStyle(drawStyleOf(spec.draw))
    .spanNulls(spec.bridgeMs ?? false)
    .legend(legendOf(spec))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  putShape(builder, spec);
  return placed(builder, {
    ...spec,
    color: spec.color ?? 'palette',
    // Powers of ten as minutes and hours would be 1.67 mins and 2.78 hours.
    unit: spec.isLogarithmic === true && spec.unit === 's' ? 'suffix:s' : spec.unit,
  });
}

function putShape(builder: PanelBuilder, spec: TimeSeriesSpec): void {
  if (spec.isLogarithmic === true) {
    builder.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));
  }
  if (spec.isStacked === true) {
    builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  }
  if (spec.thresholdLines !== undefined) {
    const mode =
      spec.thresholdLines === 'line' ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Area;
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(mode));
  }
  if (spec.softMin !== undefined) builder.axisSoftMin(spec.softMin);
  if (spec.softMax !== undefined) builder.axisSoftMax(spec.softMax);
}

function drawStyleOf(draw: TimeSeriesSpec['draw']): GraphDrawStyle {
  switch (draw) {
    case 'bars':
      return GraphDrawStyle.Bars;
    case 'points':
      return GraphDrawStyle.Points;
    case 'line':
    case undefined:
      return GraphDrawStyle.Line;
  }
}

function legendOf({ legendSide, legendValues }: TimeSeriesSpec): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(legendValues === undefined ? LegendDisplayMode.List : LegendDisplayMode.Table)
    .placement(legendSide === 'right' ? LegendPlacement.Right : LegendPlacement.Bottom)
    .showLegend(legendSide !== 'none')
    .calcs([...(legendValues ?? [])]);
}
