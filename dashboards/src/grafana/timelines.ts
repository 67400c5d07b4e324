import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as StatusHistoryBuilder } from '@grafana/grafana-foundation-sdk/statushistory';
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TimelineValueAlignment,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from './common.ts';
import type { Words } from './look.ts';
import { placed, type PanelSpec, type Placed } from './panel.ts';

export interface TimelineSpec extends PanelSpec {
  /** Share of the room of a row that its bar takes, 0 to 1. */
  readonly rowHeight?: number | undefined;
  /** Writes the words into the bars where they fit. */
  readonly showsWords?: boolean | undefined;
  readonly hasLegend?: boolean | undefined;
  /** Rows on one page; further ones are behind a pager, which takes room even when there is one page. All without it. */
  readonly rowsPerPage?: number | undefined;
}

/** A bar per series whose colour is its state: since when, and how long. Equal neighbours are one piece. */
export function stateTimeline(spec: TimelineSpec): Placed {
  const builder = new StateTimelineBuilder()
    .mergeValues(true)
    .alignValue(TimelineValueAlignment.Left)
    .showValue(spec.showsWords === false ? VisibilityMode.Never : VisibilityMode.Auto)
    .rowHeight(spec.rowHeight ?? 0.8)
    .fillOpacity(80)
    .lineWidth(0)
    .spanNulls(false)
    .legend(legend(spec))
    .tooltip(tooltip());
  if (spec.rowsPerPage === undefined) builder.disablePagination();
  else builder.perPage(spec.rowsPerPage);
  // A gap is nobody's: the legend would name it by the text of an empty panel, in the colour of a state.
  const gap: Words = { at: 'nothing', text: 'no data', color: 'transparent' };
  // Coloured by its words: by thresholds Grafana would name the ranges of the numbers instead.
  return placed(builder, {
    ...spec,
    color: spec.color ?? 'palette',
    words: [...(spec.words ?? []), gap],
  });
}

/** A cell per series and step whose colour is its state: single bad runs show as single cells. */
export function statusHistory(spec: TimelineSpec): Placed {
  const builder = new StatusHistoryBuilder()
    .showValue(VisibilityMode.Never)
    .rowHeight(spec.rowHeight ?? 0.8)
    // Cells that touch: gaps between them look like missing data.
    .colWidth(1)
    .fillOpacity(80)
    .lineWidth(0)
    .legend(legend(spec))
    .tooltip(tooltip());
  if (spec.rowsPerPage !== undefined) {
    builder.perPage(spec.rowsPerPage);
    return placed(builder, spec);
  }
  const { panel, ...size } = placed(builder, spec);
  // The SDK can switch the pager off for state timelines only; Grafana reads null alike in both.
  return { ...size, panel: { ...panel, options: { ...(panel.options as object), perPage: null } } };
}

function legend({ hasLegend }: TimelineSpec): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(hasLegend ?? true)
    .calcs([]);
}

function tooltip(): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None);
}
