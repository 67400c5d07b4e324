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
import type { VizTextDisplayOptions } from '@grafana/schema';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  VizRepeater,
  useTheme2,
} from '@grafana/ui';
import type { VizRepeaterRenderValueProps } from '@grafana/ui';
import type { ReactElement } from 'react';
import { DEFAULT_REDUCTION } from './reduction.ts';
import { WithLinks } from './with-links.tsx';

interface Options {
  readonly reduceOptions: ReduceDataOptions;
  readonly orientation: VizOrientation;
  readonly textMode: BigValueTextMode;
  readonly wideLayout: boolean;
  readonly colorMode: BigValueColorMode;
  readonly graphMode: BigValueGraphMode;
  readonly justifyMode: BigValueJustifyMode;
  readonly text?: VizTextDisplayOptions;
}

const DEFAULTS: Options = {
  reduceOptions: DEFAULT_REDUCTION,
  orientation: VizOrientation.Auto,
  textMode: BigValueTextMode.Auto,
  wideLayout: true,
  colorMode: BigValueColorMode.Value,
  graphMode: BigValueGraphMode.Area,
  justifyMode: BigValueJustifyMode.Auto,
};

/** Grafana's stat panel, of its own `BigValue` and `VizRepeater`. */
export function statPanel(): PanelPlugin {
  return new PanelPlugin<Options>(StatPanel)
    .useFieldConfig({
      standardOptions: {
        [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.Thresholds } },
      },
    })
    .setDefaults(DEFAULTS);
}

function StatPanel({ data, options, fieldConfig, ...props }: PanelProps<Options>): ReactElement {
  const theme = useTheme2();
  const isSmall = props.height <= 0 || props.width <= 0;
  const getValues = (): FieldDisplay[] =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables: props.replaceVariables,
      theme,
      data: data.series,
      sparkline: options.graphMode !== BigValueGraphMode.None && !isSmall,
      timeZone: props.timeZone,
    });
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={getValues}
      getAlignmentFactors={(values) => getDisplayValueAlignmentFactors(values)}
      renderValue={(rendering) => <OneValue options={options} {...rendering} />}
      width={props.width}
      height={props.height}
      source={data}
      itemSpacing={3}
      renderCounter={props.renderCounter}
      autoGrid
      orientation={orientationFor(options, props)}
    />
  );
}

function orientationFor(
  { orientation }: Options,
  { width, height }: { readonly width: number; readonly height: number },
): VizOrientation {
  if (orientation !== VizOrientation.Auto) return orientation;
  return width > height ? VizOrientation.Vertical : VizOrientation.Horizontal;
}

interface OneValueProps extends VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors> {
  readonly options: Options;
}

function OneValue({ options, value, width, height, count, alignmentFactors }: OneValueProps): ReactElement {
  const theme = useTheme2();
  return (
    <WithLinks value={value}>
      {(hasLinks) => (
        <BigValue
          value={value.display}
          {...(value.sparkline && { sparkline: value.sparkline })}
          {...(options.text && { text: options.text })}
          count={count}
          colorMode={options.colorMode}
          graphMode={options.graphMode}
          justifyMode={options.justifyMode}
          textMode={options.textMode}
          disableWideLayout={!options.wideLayout}
          alignmentFactors={alignmentFactors}
          width={width}
          height={height}
          theme={theme}
          hasLinks={hasLinks}
        />
      )}
    </WithLinks>
  );
}
