import { LoadingState } from '@grafana/data';
import type { DataFrame, PanelData } from '@grafana/data';
import { SceneDataTransformer, VizPanel, sceneGraph } from '@grafana/scenes';
import type { SceneObject } from '@grafana/scenes';
import { pendingCalls } from './backend.ts';
import type { PanelReport } from './request.ts';

/** Grafana's own panels that show no data. */
const WITHOUT_DATA = new Set(['text', 'row', 'dashlist', 'news']);

/** What became of each panel of a scene that is on the page, in the order of the scene. */
export function panelReports(root: SceneObject): PanelReport[] {
  return panelsOf(root).map(reportOf);
}

function panelsOf(root: SceneObject): VizPanel[] {
  const all = root instanceof VizPanel ? [root] : sceneGraph.findAllObjects(root, isPanel);
  return all.filter((object) => isPanel(object) && object.isActive) as VizPanel[];
}

function isPanel(object: SceneObject): object is VizPanel {
  return object instanceof VizPanel;
}

function reportOf(panel: VizPanel): PanelReport {
  const { key = '', title, pluginId, _pluginLoadError: loadError } = panel.state;
  const { shown, raw } = dataOf(panel);
  const hasData = !WITHOUT_DATA.has(pluginId);
  return {
    key,
    title: sceneGraph.interpolate(panel, title),
    pluginId,
    state: hasData ? shown.state : LoadingState.Done,
    errors: [...(loadError === undefined ? [] : [loadError]), ...errorsOf(shown)],
    frames: shown.series.length,
    values: shown.series.reduce((sum, frame) => sum + frame.length, 0),
    framesByRefId: countByRefId([...raw.series, ...(raw.annotations ?? [])]),
  };
}

type Data = Pick<PanelData, 'state' | 'series' | 'annotations' | 'errors'>;

const NOTHING: Data = { state: LoadingState.NotStarted, series: [] };

/** What the panel shows, and what its queries gave before the transformations. */
function dataOf({ state: { $data } }: VizPanel): { readonly shown: Data; readonly raw: Data } {
  const shown = $data?.state.data ?? NOTHING;
  const source = $data instanceof SceneDataTransformer ? $data.state.$data : $data;
  return { shown, raw: source?.state.data ?? NOTHING };
}

function errorsOf({ errors = [] }: Data): string[] {
  return errors.map(({ message }) => message ?? 'an error without a message');
}

function countByRefId(frames: readonly DataFrame[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { refId = '' } of frames) counts[refId] = (counts[refId] ?? 0) + 1;
  return counts;
}

/** Resolves when all panels have their data or an error, and nothing has changed for some frames of the screen. */
export async function settled(root: SceneObject): Promise<void> {
  const quiet = 3;
  for (let calm = 0; calm < quiet;) {
    await nextPaint();
    calm = isSettled(root) ? calm + 1 : 0;
  }
}

function isSettled(root: SceneObject): boolean {
  const panels = panelsOf(root);
  const isLoaded = (panel: VizPanel): boolean =>
    panel.getPlugin() !== undefined || panel.state._pluginLoadError !== undefined;
  return (
    panels.length > 0 &&
    // Annotations and variables ask, too.
    pendingCalls() === 0 &&
    panels.every(isLoaded) &&
    panels.map(reportOf).every(({ state }) => state !== 'NotStarted' && state !== 'Loading')
  );
}

/** After the browser has painted: the next frame is drawn, and the task after it runs. */
export function nextPaint(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
  });
}
