import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { alertAnnotations } from './annotations.ts';
import { normalised, type Json } from './normalise.ts';
import type { Placed } from './panel.ts';
import { variablesOf, type Choices } from './variables.ts';

/** Tag that all of our dashboards carry: the links between them find each other by it. */
export const PRODUCT_TAG = 'fal';

/** One dashboard, as its author writes it. */
export interface DashboardSpec extends Choices {
  readonly uid: string;
  readonly title: string;
  /** The question that it answers. */
  readonly description: string;
  /** Its area beside the product's tag. */
  readonly tag: string;
  /**
   * For the import by the app plugin, which takes a new version only when this number differs. Raise it with every
   * change; a test compares it with a fingerprint of the content.
   */
  readonly revision: number;
  readonly rows: readonly Row[];
  /** `now-6h` unless told otherwise. */
  readonly from?: string | undefined;
}

/** Panels under one question. A row without a title has no bar above it: the first one of a dashboard. */
export interface Row {
  readonly title?: string | undefined;
  /** From left to right; what does not fit into 24 columns goes below, in lines as high as their highest panel. */
  readonly panels: readonly Placed[];
}

const COLUMNS = 24;

/** The dashboard as Grafana's classic JSON, schema version 42, the same bytes each time. */
export function buildDashboard(spec: DashboardSpec): Json {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([PRODUCT_TAG, spec.tag])
    .revision(spec.revision)
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('30s')
    .time({ from: spec.from ?? 'now-6h', to: 'now' })
    .timezone('browser')
    .variables(variablesOf(spec))
    .annotations(alertAnnotations())
    .links([otherDashboards()]);
  const dashboard: Dashboard = { ...builder.build(), panels: laidOut(spec.rows) };
  return normalised(dashboard);
}

function otherDashboards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('fal dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([PRODUCT_TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

type AnyPanel = NonNullable<Dashboard['panels']>[number];

/** Places the rows below each other and numbers the panels in reading order. */
function laidOut(rows: readonly Row[]): AnyPanel[] {
  const panels: AnyPanel[] = [];
  let y = 0;
  let id = 1;
  for (const row of rows) {
    if (row.title !== undefined) {
      panels.push(rowPanel(row.title, id++, y));
      y += 1;
    }
    const lines = linesOf(row.panels, y);
    panels.push(...lines.panels.map((panel) => ({ ...panel, id: id++ })));
    y = lines.bottom;
  }
  return panels;
}

function rowPanel(title: string, id: number, y: number): RowPanel {
  return {
    type: 'row',
    id,
    title,
    collapsed: false,
    gridPos: { h: 1, w: COLUMNS, x: 0, y },
    panels: [],
  };
}

/** Panels from left to right, in lines that are full or closed by what no longer fits. */
function linesOf(placed: readonly Placed[], top: number): { panels: Placed['panel'][]; bottom: number } {
  let x = 0;
  let y = top;
  let lineHeight = 0;
  const panels = placed.map(({ panel, width, height }) => {
    if (x + width > COLUMNS) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    const gridPos = { h: height, w: width, x, y };
    x += width;
    lineHeight = Math.max(lineHeight, height);
    return { ...panel, gridPos };
  });
  return { panels, bottom: y + lineHeight };
}
