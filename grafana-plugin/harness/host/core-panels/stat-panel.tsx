import type { PanelPlugin, PanelProps } from '@grafana/data';
import type { VizTextDisplayOptions } from '@grafana/schema';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  useTheme2,
} from '@grafana/ui';
import type { ReactElement } from 'react';
import { VALUE_DEFAULTS, Values, valuePanel } from './value-panel.tsx';
import type { ValueOptions, ValueRendering } from './value-panel.tsx';
import { WithLinks } from './with-links.tsx';

interface Options extends ValueOptions {
  readonly textMode: BigValueTextMode;
  readonly wideLayout: boolean;
  readonly colorMode: BigValueColorMode;
  readonly graphMode: BigValueGraphMode;
  readonly justifyMode: BigValueJustifyMode;
  readonly text?: VizTextDisplayOptions;
}

const DEFAULTS: Options = {
  ...VALUE_DEFAULTS,
  textMode: BigValueTextMode.Auto,
  wideLayout: true,
  colorMode: BigValueColorMode.Value,
  graphMode: BigValueGraphMode.Area,
  justifyMode: BigValueJustifyMode.Auto,
};

/** Grafana's stat panel, of its own `BigValue` and `VizRepeater`. */
export function statPanel(): PanelPlugin {
  return valuePanel(StatPanel, DEFAULTS);
}

function StatPanel(props: PanelProps<Options>): ReactElement {
  const { options } = props;
  const isSmall = props.height <= 0 || props.width <= 0;
  return (
    <Values
      panel={props}
      hasSparkline={options.graphMode !== BigValueGraphMode.None && !isSmall}
      renderValue={(rendering) => <OneValue options={options} {...rendering} />}
      itemSpacing={3}
      autoGrid
    />
  );
}

interface OneValueProps extends ValueRendering {
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
