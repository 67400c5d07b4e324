import type { PanelPlugin, PanelProps } from '@grafana/data';
import { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeValueMode } from '@grafana/schema';
import { BarGauge, useTheme2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { VALUE_DEFAULTS, Values, valuePanel } from './value-panel.tsx';
import type { ValueOptions, ValueRendering } from './value-panel.tsx';
import { WithLinks } from './with-links.tsx';

interface Options extends ValueOptions {
  readonly displayMode: BarGaugeDisplayMode;
  readonly valueMode: BarGaugeValueMode;
  readonly namePlacement: BarGaugeNamePlacement;
  readonly showUnfilled: boolean;
  readonly minVizWidth: number;
  readonly minVizHeight: number;
  readonly maxVizHeight: number;
}

const DEFAULTS: Options = {
  ...VALUE_DEFAULTS,
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
  return valuePanel(BarGaugePanel, DEFAULTS);
}

function BarGaugePanel(props: PanelProps<Options>): ReactElement {
  const { options } = props;
  return (
    <Values
      panel={props}
      renderValue={(rendering) => <OneBar options={options} {...rendering} />}
      minVizWidth={options.minVizWidth}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
    />
  );
}

interface OneBarProps extends ValueRendering {
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
