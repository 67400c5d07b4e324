import type { HostBundle } from '../../grafana-plugin/harness/bundle/host-bundle.ts';
import type { HostRequest } from '../../grafana-plugin/harness/host/request.ts';
import type { PluginFolder } from './plugin-folder.ts';

/** One page of a browser: a Grafana of its own under `/p<number>`. */
export interface HostSite {
  readonly bundle: HostBundle;
  readonly request: HostRequest;
  readonly plugins: PluginFolder;
  readonly state: GrafanaState;
}

/** What a site remembers between calls, as Grafana's database does. */
export interface GrafanaState {
  /** Where the queries to each data source go, by uid; undefined when its server is down. */
  readonly upstreams: ReadonlyMap<string, string | undefined>;
  /** Settings of the app; a page may change them. */
  appSettings: AppSettings;
}

export interface AppSettings {
  readonly enabled: boolean;
  readonly pinned: boolean;
  readonly jsonData: Readonly<Record<string, unknown>>;
}
