import { PanelBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { placed, type PanelSpec, type Placed } from './panel.ts';

export interface PluginPanelSpec extends PanelSpec {
  /** Id of the panel plugin. */
  readonly type: string;
  /** Options of the panel; what is left out has the panel's own default. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A panel of our Grafana plugin. It finds its queries by their refId. */
export function pluginPanel(spec: PluginPanelSpec): Placed {
  return placed(new PanelBuilder().type(spec.type).options(spec.options), spec);
}
