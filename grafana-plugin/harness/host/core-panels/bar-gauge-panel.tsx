import {
  FieldColorModeId,
  FieldConfigProperty,
  PanelPlugin,
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
import { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeValueMode } from '@grafana/schema';
import { BarGauge, VizRepeater, useTheme2 } from '@grafana/ui';
import type { VizRepeaterRenderValueProps } from '@grafana/ui';
import type { ReactElement } from 'react';
import { DEFAULT_REDUCTION } from './reduction.ts';
import { WithLinks } from './with-links.tsx';

interface Options {
  readonly reduceOptions: ReduceDataOptions;
  readonly orientation: VizOrientation;
  readonly displayMode: BarGaugeDisplayMode;
  readonly valueMode: BarGaugeValueMode;
  readonly namePlacement: BarGaugeNamePlacement;
  readonly showUnfilled: boolean;
  readonly minVizWidth: number;
  readonly minVizHeight: number;
  readonly maxVizHeight: number;
}

const DEFAULTS: Options = {
  reduceOptions: DEFAULT_REDUCTION,
  orientation: VizOrientation.Auto,
  displayMode: BarGaugeDisplayMode.Gradient,
  valueMode: BarGaugeValueMode.Color,
  namePlacement: BarGaugeNamePlacement.Auto,
  showUnfilled: true,
  minVizWidth: 8,
  minVizHeight: 16,
  maxVizHeight: 300,
};

/** Grafana's bar gauge panel, of its own `BarGauge` and `VizRepeater`. */
export function barGaugePanel(): PanelPlugin {
  return new PanelPlugin<Options>(BarGaugePanel)
    .useFieldConfig({
      standardOptions: {
        [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.Thresholds } },
      },
    })
    .setDefaults(DEFAULTS);
}

function BarGaugePanel({ data, options, fieldConfig, ...props }: PanelProps<Options>): ReactElement {
  const theme = useTheme2();
  const isAuto = options.orientation === VizOrientation.Auto;
  const byShape = props.width > props.height ? VizOrientation.Vertical : VizOrientation.Horizontal;
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={() =>
        getFieldDisplayValues({
          fieldConfig,
          reduceOptions: options.reduceOptions,
          replaceVariables: props.replaceVariables,
          theme,
          data: data.series,
          timeZone: props.timeZone,
        })
      }
      getAlignmentFactors={(values) => getDisplayValueAlignmentFactors(values)}
      renderValue={(rendering) => <OneBar options={options} {...rendering} />}
      source={data}
      width={props.width}
      height={props.height}
      minVizWidth={options.minVizWidth}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
      renderCounter={props.renderCounter}
      orientation={isAuto ? byShape : options.orientation}
    />
  );
}

interface OneBarProps extends VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors> {
  readonly options: Options;
}

function OneBar({
  options,
  value,
  width,
  height,
  orientation,
  count,
  alignmentFactors,
}: OneBarProps): ReactElement {
  const theme = useTheme2();
  const { field, display, view, colIndex = 0 } = value;
  const processor = view?.getFieldDisplayProcessor(colIndex);
  return (
    <WithLinks value={value}>
      {() => (
        <BarGauge
          value={display}
          width={width}
          height={height}
          orientation={orientation}
          field={field}
          {...(processor && { display: processor })}
          theme={theme}
          itemSpacing={8}
          displayMode={options.displayMode}
          showUnfilled={options.showUnfilled}
          valueDisplayMode={options.valueMode}
          namePlacement={options.namePlacement}
          alignmentFactors={{ ...alignmentFactors }}
          isOverflow={count > height / options.minVizHeight}
        />
      )}
    </WithLinks>
  );
}
