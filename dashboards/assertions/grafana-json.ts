import { DASHBOARDS, buildDashboard } from '../src/index.ts';

/** What the checks read of a dashboard: its JSON, loosely typed, as Grafana gets it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly revision: number;
  readonly schemaVersion: number;
  readonly editable: boolean;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly Annotation[] };
  readonly links: readonly Record<string, unknown>[];
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: DataSource;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly panels?: readonly Panel[];
  readonly transformations?: readonly { readonly id: string; readonly options: unknown }[];
  readonly options?: Record<string, unknown>;
  readonly fieldConfig?: { readonly defaults: FieldOptions; readonly overrides: readonly Override[] };
}

export interface Override {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
}

export interface FieldOptions {
  readonly unit?: string;
  readonly noValue?: string;
  readonly color?: { readonly mode: string; readonly fixedColor?: string };
  readonly thresholds?: {
    readonly steps: readonly { readonly value: number | null; readonly color: string }[];
  };
}

export interface DataSource {
  readonly type: string;
  readonly uid: string;
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant: boolean;
  readonly range: boolean;
  readonly format?: string;
  readonly datasource?: DataSource;
}

export interface Variable {
  readonly type: string;
  readonly name: string;
  readonly label: string;
  readonly query: string | { readonly query: string };
  readonly definition?: string;
  readonly datasource?: DataSource;
  readonly refresh?: number;
  readonly multi?: boolean;
  readonly allValue?: string;
  readonly current?: { readonly text: string; readonly value: string };
}

export interface Annotation {
  readonly name: string;
  readonly expr?: string;
  readonly datasource: DataSource;
  readonly [key: string]: unknown;
}

/** Every dashboard as it is generated now. */
export const BUILT: readonly Dashboard[] = DASHBOARDS.map(
  (spec) => buildDashboard(spec) as unknown as Dashboard,
);

/** The panels of a dashboard without its row headers, folded rows included. */
export function panelsOf({ panels }: Dashboard): Panel[] {
  return panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
}

/** Each panel of each dashboard under a name for a test. */
export const EVERY_PANEL: readonly (readonly [name: string, panel: Panel, dashboard: Dashboard])[] =
  BUILT.flatMap((dashboard) =>
    panelsOf(dashboard).map((panel) => [`${dashboard.uid}: ${panel.title}`, panel, dashboard] as const),
  );

/** Each query of each panel. */
export const EVERY_TARGET: readonly (readonly [name: string, target: Target, panel: Panel])[] =
  EVERY_PANEL.flatMap(([name, panel]) =>
    (panel.targets ?? []).map((target) => [`${name} (${target.refId})`, target, panel] as const),
  );

/** A query as Prometheus gets it when the reader leaves every variable at its first value. */
export function withVariables(expr: string): string {
  const values: Readonly<Record<string, string>> = {
    __rate_interval: '1m',
    __range: '6h',
    __interval: '1m',
    window: '5m',
  };
  return expr.replace(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (_, braced: string | undefined, bare: string) => {
    return values[braced ?? bare] ?? '.+';
  });
}
