import {
  FieldColorModeId,
  FieldConfigProperty,
  PanelPlugin,
  ReducerID,
  VizOrientation,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
} from '@grafana/data';
import type {
  DisplayValueAlignmentFactors,
  FieldDisplay,
  PanelProps,
  ReduceDataOptions,
} from '@grafana/data';
import { VizRepeater, useTheme2 } from '@grafana/ui';
import type { VizRepeaterRenderValueProps } from '@grafana/ui';
import type { ComponentType, ReactElement } from 'react';

/** Options of every panel that makes one value of each series, and repeats its drawing for them. */
export interface ValueOptions {
  readonly reduceOptions: ReduceDataOptions;
  readonly orientation: VizOrientation;
}

/** What Grafana takes unless a panel says otherwise. */
export const VALUE_DEFAULTS: ValueOptions = {
  reduceOptions: { values: false, calcs: [ReducerID.lastNotNull], fields: '' },
  orientation: VizOrientation.Auto,
};

/** A panel of values, in the colours of their thresholds. */
export function valuePanel<Options extends ValueOptions>(
  component: ComponentType<PanelProps<Options>>,
  defaults: Options,
): PanelPlugin {
  return new PanelPlugin<Options>(component)
    .useFieldConfig({
      standardOptions: {
        [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.Thresholds } },
      },
    })
    .setDefaults(defaults);
}

/** One value, and the room that it has. */
export type ValueRendering = VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>;

type Arrangement = Pick<
  VizRepeater<FieldDisplay>['props'],
  'itemSpacing' | 'autoGrid' | 'minVizWidth' | 'minVizHeight' | 'maxVizHeight'
>;

interface ValuesProps extends Partial<Arrangement> {
  readonly panel: Omit<PanelProps<ValueOptions>, 'onOptionsChange'>;
  readonly hasSparkline?: boolean;
  readonly renderValue: (rendering: ValueRendering) => ReactElement;
}

/** The values of a panel, side by side or one above the other. */
export function Values({ panel, hasSparkline = false, ...drawing }: ValuesProps): ReactElement {
  const theme = useTheme2();
  const { data, options, width, height } = panel;
  const getValues = (): FieldDisplay[] =>
    getFieldDisplayValues({
      fieldConfig: panel.fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables: panel.replaceVariables,
      theme,
      data: data.series,
      sparkline: hasSparkline,
      timeZone: panel.timeZone,
    });
  const byShape = width > height ? VizOrientation.Vertical : VizOrientation.Horizontal;
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      {...drawing}
      getValues={getValues}
      getAlignmentFactors={(values) => getDisplayValueAlignmentFactors(values)}
      source={data}
      width={width}
      height={height}
      renderCounter={panel.renderCounter}
      orientation={options.orientation === VizOrientation.Auto ? byShape : options.orientation}
    />
  );
}
