import {
  EmbeddedScene,
  SceneControlsSpacer,
  SceneDataLayerControls,
  SceneDataLayerSet,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
  dataLayers,
} from '@grafana/scenes';
import type { DashboardRequest, HostSettings } from '../request.ts';
import type { ClassicAnnotation, ClassicDashboard } from './classic.ts';
import { gridFrom } from './panels.ts';
import { variableFrom } from './variables.ts';

/** A classic dashboard as a scene: what Grafana itself does with one when it opens it. */
export function dashboardScene({
  dashboard,
  variables,
  time,
  timeZone,
}: HostSettings & DashboardRequest): EmbeddedScene {
  const saved = dashboard as ClassicDashboard;
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ ...time, timeZone }),
    $variables: new SceneVariableSet({
      variables: (saved.templating?.list ?? []).map((variable) => variableFrom(variable, variables)),
    }),
    $data: new SceneDataLayerSet({
      layers: (saved.annotations?.list ?? []).filter(isQuery).map(annotationLayer),
    }),
    controls: [
      new VariableValueSelectors({}),
      new SceneDataLayerControls(),
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
    ],
    body: gridFrom(saved.panels ?? []),
  });
}

/** Alert states that Grafana itself keeps: there are none here. */
function isQuery({ builtIn = 0, enable = true }: ClassicAnnotation): boolean {
  return builtIn === 0 && enable;
}

function annotationLayer(annotation: ClassicAnnotation): dataLayers.AnnotationsDataLayer {
  return new dataLayers.AnnotationsDataLayer({
    name: annotation.name,
    isEnabled: true,
    isHidden: annotation.hide ?? false,
    query: { ...annotation, enable: true, iconColor: annotation.iconColor ?? 'blue' },
  });
}
