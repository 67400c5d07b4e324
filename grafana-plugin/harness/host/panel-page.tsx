import { LoadingState } from '@grafana/data';
import type { FieldConfigSource, PanelData } from '@grafana/data';
import {
  SceneDataNode,
  SceneDataTransformer,
  SceneQueryRunner,
  SceneTimeRange,
  VizPanel,
} from '@grafana/scenes';
import type { SceneDataProvider } from '@grafana/scenes';
import { useEffect } from 'react';
import type { ReactElement } from 'react';
import { framesFrom } from './frames.ts';
import type { FrameJson, HostSettings, PanelRequest } from './request.ts';

/** One panel with its data, as a dashboard would show it. */
export function panelScene(request: HostSettings & PanelRequest): VizPanel {
  const { time, timeZone, panel, title, fieldConfig } = request;
  return new VizPanel({
    key: 'panel-1',
    pluginId: panel,
    title,
    options: { ...request.options },
    fieldConfig: { defaults: {}, overrides: [], ...fieldConfig } as unknown as FieldConfigSource,
    $timeRange: new SceneTimeRange({ ...time, timeZone }),
    $data: transformed(request, request.frames === undefined ? queried(request) : given(request)),
  });
}

export function PanelPage({ request, panel }: { request: PanelRequest; panel: VizPanel }): ReactElement {
  useEffect(() => panel.activate(), [panel]);
  return (
    <main data-testid="panel" style={{ width: request.width, height: request.height, display: 'flex' }}>
      <panel.Component model={panel} />
    </main>
  );
}

function transformed({ transformations }: PanelRequest, $data: SceneDataProvider): SceneDataProvider {
  if (transformations.length === 0) return $data;
  return new SceneDataTransformer({
    $data,
    transformations: transformations.map((each) => ({ ...each, options: { ...each.options } })),
  });
}

function queried({ queries = [] }: PanelRequest): SceneDataProvider {
  return new SceneQueryRunner({ queries: queries.map((query) => ({ ...query })) });
}

function given(request: HostSettings & PanelRequest): SceneDataProvider {
  const { state, error, annotations = [] } = request;
  return new SceneDataNode({
    data: panelData(request, {
      state: LoadingState[state],
      annotations: framesFrom(annotations),
      ...(error !== undefined && { errors: [{ message: error }] }),
    }),
  });
}

/** The frames of a request as Grafana hands them to a panel, over the time range that was asked for. */
export function panelData(
  request: HostSettings & Pick<PanelRequest, 'frames'>,
  more: Partial<PanelData> = {},
): PanelData {
  const frames: readonly FrameJson[] = request.frames ?? [];
  const timeRange = new SceneTimeRange({ ...request.time, timeZone: request.timeZone }).state.value;
  const refIds = [...new Set(frames.map(({ refId }) => refId ?? 'A'))];
  return {
    state: LoadingState.Done,
    series: framesFrom(frames),
    timeRange,
    request: {
      app: 'dashboard',
      requestId: 'harness',
      interval: '1m',
      intervalMs: 60_000,
      range: timeRange,
      scopedVars: {},
      targets: refIds.map((refId) => ({ refId })),
      timezone: request.timeZone,
      startTime: 0,
    },
    ...more,
  };
}
