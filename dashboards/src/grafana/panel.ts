import type { DashboardLink, DataTransformerConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  colorOf,
  mappingsOf,
  overrideOf,
  thresholdsOf,
  type BuiltOverride,
  type Override,
  type Step,
  type Words,
} from './look.ts';
import { DATASOURCE, targetOf, type Query } from './query.ts';

/** A panel and the room that it wants: 24 columns make a row of the page. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly panel: Panel;
}

/** Room of a tile that stands on several dashboards. */
export type TileSize = Pick<PanelSpec, 'width' | 'height'>;

/** What every panel says, whatever it draws. */
export interface PanelSpec {
  /** Tiles of three columns have room for about nine letters. */
  readonly title: string;
  /** What the number means and what to do with it: the help text of the panel. */
  readonly description: string;
  /** Columns, of 24. */
  readonly width: number;
  /** Rows of about 30 pixels. */
  readonly height: number;
  readonly queries: readonly Query[];
  /** Id of a unit of Grafana: `s`, `percentunit`, `currencyUSD`, `short`. */
  readonly unit: string;
  /** What stands there when nothing came: why that may be, and what to do. */
  readonly noData: string;
  readonly decimals?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly thresholds?: readonly Step[] | undefined;
  readonly words?: readonly Words[] | undefined;
  readonly overrides?: readonly Override[] | undefined;
  readonly transformations?: readonly DataTransformerConfig[] | undefined;
  /** Where a click on a value leads. */
  readonly links?: readonly ValueLink[] | undefined;
  /** `palette`, `thresholds`, or a colour by name. */
  readonly color?: string | undefined;
  /** Shortest step of all queries, `1m`. */
  readonly interval?: string | undefined;
  readonly maxDataPoints?: number | undefined;
}

export interface ValueLink {
  readonly title: string;
  /** May hold variables of Grafana: `${__field.labels.endpoint_id}`, `${__url_time_range}`. */
  readonly url: string;
}

/** The methods that the SDK's builder of every panel has. */
interface CommonBuilder {
  title(title: string): this;
  description(description: string): this;
  datasource(source: typeof DATASOURCE): this;
  targets(targets: ReturnType<typeof targetOf>[]): this;
  unit(unit: string): this;
  noValue(text: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  thresholds(thresholds: ReturnType<typeof thresholdsOf>): this;
  mappings(mappings: ReturnType<typeof mappingsOf>): this;
  overrides(overrides: BuiltOverride[]): this;
  transformations(transformations: DataTransformerConfig[]): this;
  dataLinks(links: { build(): DashboardLink }[]): this;
  colorScheme(color: ReturnType<typeof colorOf>): this;
  interval(interval: string): this;
  maxDataPoints(points: number): this;
  build(): Panel;
}

/** Puts what every panel says into the builder of one, and finishes it. */
export function placed(builder: CommonBuilder, spec: PanelSpec): Placed {
  builder
    .title(spec.title)
    .description(spec.description)
    .datasource(DATASOURCE)
    .targets(spec.queries.map(targetOf))
    .unit(spec.unit)
    .noValue(spec.noData)
    .overrides((spec.overrides ?? []).map(overrideOf))
    .thresholds(thresholdsOf(spec.thresholds ?? [{ color: 'green' }]))
    .colorScheme(colorOf(spec.color ?? (spec.thresholds === undefined ? 'palette' : 'thresholds')));
  putOptional(builder, spec);
  return { width: spec.width, height: spec.height, panel: builder.build() };
}

function putOptional(builder: CommonBuilder, spec: PanelSpec): void {
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.min !== undefined) builder.min(spec.min);
  if (spec.max !== undefined) builder.max(spec.max);
  if (spec.words !== undefined) builder.mappings(mappingsOf(spec.words));
  if (spec.transformations !== undefined) builder.transformations([...spec.transformations]);
  if (spec.interval !== undefined) builder.interval(spec.interval);
  if (spec.maxDataPoints !== undefined) builder.maxDataPoints(spec.maxDataPoints);
  if (spec.links !== undefined) builder.dataLinks(spec.links.map(linkOf));
}

/** A data link: of the fields that the SDK asks for, Grafana reads only these three. */
function linkOf({ title, url }: ValueLink): { build(): DashboardLink } {
  const link = { title, url, targetBlank: false };
  return { build: () => link as unknown as DashboardLink };
}
