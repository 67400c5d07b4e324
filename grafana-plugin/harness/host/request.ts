/**
 * What a test asks the host page to show, and what the page tells back. Types only: the page is written in the
 * browser's world, the tests in Node's, and this is what they share.
 */

/** A plugin as built: its plugin.json and where its module.js is served. */
export interface InstalledPlugin {
  readonly id: string;
  readonly type: 'app' | 'panel' | 'datasource';
  readonly name: string;
  /** URL path of the folder, with the sub path of the page. */
  readonly baseUrl: string;
  readonly json: PluginJson;
}

export interface PluginJson {
  readonly id: string;
  readonly type: InstalledPlugin['type'];
  readonly name: string;
  readonly info?: { readonly version?: string };
  readonly skipDataQuery?: boolean;
  readonly includes?: readonly PluginInclude[];
}

export interface PluginInclude {
  readonly type: string;
  readonly name?: string;
  readonly path?: string;
}

/** A data source as Grafana's front end knows it. */
export interface DataSourceSettings {
  readonly uid: string;
  readonly name: string;
  /** `prometheus` is answered by the stand-in; any other type exists and answers nothing. */
  readonly type: string;
  readonly isDefault?: boolean;
  /** `timeInterval`, `exemplarTraceIdDestinations`, as in a provisioning file. */
  readonly jsonData?: Readonly<Record<string, unknown>>;
}

/** A data frame as JSON. `"NaN"`, `"+Inf"` and `"-Inf"` stand for the numbers that JSON has no words for. */
export interface FrameJson {
  readonly refId?: string;
  readonly name?: string;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly fields: readonly FieldJson[];
}

export interface FieldJson {
  readonly name: string;
  readonly type?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly values: readonly unknown[];
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A query of the Prometheus data source, as in a dashboard's `targets`. */
export interface QueryJson {
  readonly refId: string;
  readonly expr: string;
  readonly range?: boolean;
  readonly instant?: boolean;
  readonly exemplar?: boolean;
  readonly format?: 'time_series' | 'table' | 'heatmap';
  readonly legendFormat?: string;
  readonly interval?: string;
  readonly datasource?: { readonly type?: string; readonly uid: string };
}

export interface TransformationJson {
  readonly id: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly disabled?: boolean;
}

export interface FieldConfigJson {
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly overrides?: readonly unknown[];
}

/** Any expression of Grafana's time picker: `now-24h`, or ISO 8601. */
export interface TimeSpan {
  readonly from: string;
  readonly to: string;
}

export interface PanelRequest {
  readonly kind: 'panel';
  readonly panel: string;
  readonly title: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly fieldConfig: FieldConfigJson;
  readonly transformations: readonly TransformationJson[];
  /** The data itself; or else `queries` are put to the default data source. */
  readonly frames?: readonly FrameJson[];
  readonly queries?: readonly QueryJson[];
  readonly annotations?: readonly FrameJson[];
  readonly state: 'Done' | 'Loading' | 'Error';
  /** Message of state Error. */
  readonly error?: string;
  /** In CSS pixels, the frame of the panel included. */
  readonly width: number;
  readonly height: number;
}

export interface DashboardRequest {
  readonly kind: 'dashboard';
  /** A classic dashboard, schemaVersion 42. */
  readonly dashboard: Readonly<Record<string, unknown>>;
  /** By name; multi-value variables take a list. */
  readonly variables: Readonly<Record<string, string | readonly string[]>>;
  /** Opens the rows that are saved collapsed, so that every panel is there. */
  readonly openRows: boolean;
}

export interface AppRequest {
  readonly kind: 'app';
  readonly app: string;
}

/** Everything that the page is told before its first script runs. */
export type HostRequest = HostSettings & (PanelRequest | DashboardRequest | AppRequest);

export interface HostSettings {
  readonly theme: 'dark' | 'light';
  /** Version of Grafana that the page says to be. */
  readonly version: string;
  /** Grafana's sub path, `/p3`, without a slash at its end. */
  readonly subPath: string;
  readonly timeZone: string;
  readonly time: TimeSpan;
  readonly plugins: readonly InstalledPlugin[];
  readonly dataSources: readonly DataSourceSettings[];
}

/** The state of one panel, as a test sees it. */
export interface PanelReport {
  readonly key: string;
  readonly title: string;
  readonly pluginId: string;
  readonly state: string;
  readonly errors: readonly string[];
  /** Frames, and values in all of them, after the transformations. */
  readonly frames: number;
  readonly values: number;
  /** By query: how many frames carry its refId before the transformations. */
  readonly framesByRefId: Readonly<Record<string, number>>;
}

export interface PaintTimes {
  /** Milliseconds from the arrival of the data until the frame with it was painted, one for each run. */
  readonly dataToPaintMs: readonly number[];
}

/** What the page offers to a test as `window.falobsHost`. */
export interface HostPage {
  /** Resolves when everything is loaded and all panels have their data. */
  readonly ready: Promise<void>;
  /** Resolves when all panels have their data again, and it is painted. */
  settled(): Promise<void>;
  reports(): PanelReport[];
  /** Shows other data in the panel of a panel page. */
  showFrames(frames: readonly FrameJson[]): void;
  /** Hands the same data to the panel again and again, as new objects, and measures until it is painted. */
  measurePaint(runs: number): Promise<PaintTimes>;
  /** Paths that the page was told to go to, oldest first. */
  visited(): string[];
}
