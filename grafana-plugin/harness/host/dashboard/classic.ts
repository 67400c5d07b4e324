/** The parts of a classic dashboard, schemaVersion 42, that the host reads. */

export interface ClassicDashboard {
  readonly uid?: string;
  readonly title?: string;
  readonly panels?: readonly ClassicPanel[];
  readonly templating?: { readonly list?: readonly ClassicVariable[] };
  readonly annotations?: { readonly list?: readonly ClassicAnnotation[] };
  readonly links?: readonly ClassicLink[];
  readonly graphTooltip?: number;
}

export interface DataSourceReference {
  readonly type?: string;
  readonly uid?: string;
}

export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface ClassicPanel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos: GridPosition;
  readonly collapsed?: boolean;
  readonly panels?: readonly ClassicPanel[];
  readonly datasource?: DataSourceReference;
  readonly targets?: readonly ({ readonly refId: string } & Readonly<Record<string, unknown>>)[];
  readonly transformations?: readonly { readonly id: string; readonly options: unknown }[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly fieldConfig?: Readonly<Record<string, unknown>>;
  readonly pluginVersion?: string;
  readonly maxDataPoints?: number | null;
  readonly interval?: string;
  readonly transparent?: boolean;
  readonly repeat?: string;
}

export interface ClassicVariable {
  readonly type: string;
  readonly name: string;
  readonly label?: string;
  readonly hide?: number;
  readonly query?: unknown;
  readonly datasource?: DataSourceReference;
  readonly regex?: string;
  readonly sort?: number;
  readonly refresh?: number;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly current?: { readonly text?: unknown; readonly value?: unknown };
}

export interface ClassicAnnotation {
  readonly name: string;
  readonly enable?: boolean;
  readonly hide?: boolean;
  readonly iconColor?: string;
  readonly builtIn?: number;
  readonly datasource?: DataSourceReference;
}

export interface ClassicLink {
  readonly title?: string;
  readonly type?: string;
  readonly url?: string;
  readonly tags?: readonly string[];
}
