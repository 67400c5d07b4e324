import {
  SceneDataTransformer,
  SceneGridItem,
  SceneGridLayout,
  SceneGridRow,
  SceneQueryRunner,
  VizPanel,
} from '@grafana/scenes';
import type { SceneDataProvider, SceneGridItemLike } from '@grafana/scenes';
import type { DataTransformerConfig } from '@grafana/schema';
import type { ClassicPanel } from './classic.ts';

/** Panels and rows in the grid of 24 columns. A row holds the panels after it until the next row. */
export function gridFrom(panels: readonly ClassicPanel[]): SceneGridLayout {
  const children: SceneGridItemLike[] = [];
  let row: { readonly saved: ClassicPanel; readonly inside: ClassicPanel[] } | undefined;
  const endRow = (): void => {
    if (row !== undefined) children.push(rowFrom(row.saved, row.inside));
    row = undefined;
  };
  for (const panel of panels) {
    if (panel.type === 'row') {
      endRow();
      row = { saved: panel, inside: [...(panel.panels ?? [])] };
    } else if (row === undefined || row.saved.collapsed === true) {
      endRow();
      children.push(gridItem(panel));
    } else {
      row.inside.push(panel);
    }
  }
  endRow();
  return new SceneGridLayout({ children, isLazy: false });
}

function rowFrom(
  { id, title = '', collapsed = false, gridPos }: ClassicPanel,
  inside: readonly ClassicPanel[],
) {
  return new SceneGridRow({
    key: `row-${id}`,
    title,
    isCollapsed: collapsed,
    y: gridPos.y,
    children: inside.map(gridItem),
  });
}

function gridItem(panel: ClassicPanel): SceneGridItem {
  const { x, y, w, h } = panel.gridPos;
  return new SceneGridItem({ key: `item-${panel.id}`, x, y, width: w, height: h, body: vizPanel(panel) });
}

function vizPanel(panel: ClassicPanel): VizPanel {
  if (panel.repeat !== undefined) {
    throw new Error(
      `the panel "${panel.title ?? ''}" repeats for ${panel.repeat}, which the host does not do`,
    );
  }
  const $data = dataFor(panel);
  return new VizPanel({
    key: `panel-${panel.id}`,
    pluginId: panel.type,
    title: panel.title ?? '',
    description: panel.description ?? '',
    options: { ...panel.options },
    fieldConfig: { defaults: {}, overrides: [], ...panel.fieldConfig },
    displayMode: panel.transparent === true ? 'transparent' : 'default',
    ...(panel.pluginVersion !== undefined && { pluginVersion: panel.pluginVersion }),
    ...($data && { $data }),
  });
}

function dataFor(panel: ClassicPanel): SceneDataProvider | undefined {
  const { targets = [], datasource, maxDataPoints, interval, transformations = [] } = panel;
  if (targets.length === 0) return undefined;
  const queries = new SceneQueryRunner({
    queries: targets.map((target) => ({ ...target })),
    maxDataPointsFromWidth: true,
    ...(datasource && { datasource }),
    ...(typeof maxDataPoints === 'number' && { maxDataPoints }),
    ...(interval !== undefined && { minInterval: interval }),
  });
  return new SceneDataTransformer({
    $data: queries,
    transformations: transformations.map((each) => ({ ...each })) as DataTransformerConfig[],
  });
}
