import { SceneDataNode, SceneDataTransformer } from '@grafana/scenes';
import type { VizPanel } from '@grafana/scenes';
import type { OpenedPage } from './opened-page.ts';
import { PanelPage, panelData, panelScene } from './panel-page.tsx';
import { nextPaint, panelReports, settled } from './reports.ts';
import type { FrameJson, HostSettings, PaintTimes, PanelRequest } from './request.ts';
import { visitedPaths } from './location.ts';

/** A page with one panel. */
export function openPanel(request: HostSettings & PanelRequest): OpenedPage {
  const panel = panelScene(request);
  return {
    element: <PanelPage request={request} panel={panel} />,
    page: {
      ready: request.state === 'Loading' ? Promise.resolve() : settled(panel),
      settled: () => settled(panel),
      reports: () => panelReports(panel),
      showFrames: (frames) => {
        show(panel, request, frames);
      },
      measurePaint: (runs) => measurePaint(panel, request, runs),
      visited: visitedPaths(),
    },
  };
}

function show(panel: VizPanel, request: HostSettings & PanelRequest, frames: readonly FrameJson[]): void {
  dataNode(panel).setState({ data: panelData({ ...request, frames }) });
}

function dataNode(panel: VizPanel): SceneDataNode {
  const { $data } = panel.state;
  const node = $data instanceof SceneDataTransformer ? $data.state.$data : $data;
  if (node instanceof SceneDataNode) return node;
  throw new Error(
    'the panel was opened with queries: only a panel that was given frames can be given others',
  );
}

/** New frames each time, so that no cache of the panel or of Grafana knows them. */
async function measurePaint(
  panel: VizPanel,
  request: HostSettings & PanelRequest,
  runs: number,
): Promise<PaintTimes> {
  const dataToPaintMs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const data = panelData(request);
    await nextPaint();
    const before = performance.now();
    dataNode(panel).setState({ data });
    await nextPaint();
    dataToPaintMs.push(performance.now() - before);
  }
  return { dataToPaintMs };
}
