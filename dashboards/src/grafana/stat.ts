import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
} from './common.ts';
import type { Words } from './look.ts';
import { placed, type PanelSpec, type Placed } from './panel.ts';

export interface StatSpec extends PanelSpec {
  /** `value`: the number; `name`: the legend alone; `both`: legend and number, for a worst model by name. */
  readonly show?: 'value' | 'name' | 'both' | undefined;
  /** Colours the ground instead of the number: for states, which are seen from across the room. */
  readonly isLoud?: boolean | undefined;
  /** A small curve under the number; needs a range query. */
  readonly hasCurve?: boolean | undefined;
  /** `lastNotNull` unless told otherwise. */
  readonly reduce?: string | undefined;
  /** Shows every row of a table-like answer instead of one number per series. */
  readonly showsAllValues?: boolean | undefined;
  /** Field that is shown when it is not the number, as a regular expression. */
  readonly field?: string | undefined;
  /** Sizes in pixels; without them Grafana makes the text as large as fits. */
  readonly valueSize?: number | undefined;
  readonly titleSize?: number | undefined;
}

/** One number or word, large. */
export function stat(spec: StatSpec): Placed {
  const reduce = new ReduceDataOptionsBuilder()
    .calcs([spec.reduce ?? 'lastNotNull'])
    .values(spec.showsAllValues ?? false)
    .fields(spec.field ?? '');
  const builder = new PanelBuilder()
    .reduceOptions(reduce)
    .textMode(textModeOf(spec.show))
    .colorMode(spec.isLoud === true ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(spec.hasCurve === true ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .justifyMode(BigValueJustifyMode.Auto)
    .orientation(VizOrientation.Auto)
    .wideLayout(true);
  const text = textOf(spec);
  if (text !== undefined) builder.text(text);
  // Nothing is neither good nor bad: without this Grafana writes it in the colour of the lowest threshold.
  const nothing: Words = { at: 'nothing', text: spec.noData, color: 'text' };
  return placed(builder, { ...spec, words: [...(spec.words ?? []), nothing] });
}

function textModeOf(show: StatSpec['show']): BigValueTextMode {
  switch (show) {
    case 'name':
      return BigValueTextMode.Name;
    case 'both':
      return BigValueTextMode.ValueAndName;
    case 'value':
    case undefined:
      return BigValueTextMode.Value;
  }
}

function textOf({ valueSize, titleSize }: StatSpec): VizTextDisplayOptionsBuilder | undefined {
  if (valueSize === undefined && titleSize === undefined) return undefined;
  const text = new VizTextDisplayOptionsBuilder();
  if (valueSize !== undefined) text.valueSize(valueSize);
  if (titleSize !== undefined) text.titleSize(titleSize);
  return text;
}
