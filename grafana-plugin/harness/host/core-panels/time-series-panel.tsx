import { FieldColorModeId, FieldConfigProperty, FieldType, PanelPlugin } from '@grafana/data';
import type { DataFrame, PanelProps } from '@grafana/data';
import { PanelDataErrorView } from '@grafana/runtime';
import type { VizLegendOptions } from '@grafana/schema';
import { TimeSeries, TooltipDisplayMode, usePanelContext } from '@grafana/ui';
import type { ReactElement } from 'react';
import { AnnotationMarks } from './annotation-marks.tsx';
import { customFields } from './custom-fields.ts';

interface Options {
  readonly legend: VizLegendOptions;
}

const DRAWING = {
  drawStyle: 'line',
  lineInterpolation: 'linear',
  barAlignment: 0,
  barWidthFactor: 0.6,
  lineWidth: 1,
  fillOpacity: 0,
  gradientMode: 'none',
  lineStyle: { fill: 'solid' },
  lineColor: undefined,
  fillColor: undefined,
  spanNulls: false,
  insertNulls: false,
  showPoints: 'auto',
  pointSize: 5,
  stacking: { mode: 'none', group: 'A' },
  transform: undefined,
  axisPlacement: 'auto',
  axisLabel: '',
  axisWidth: undefined,
  axisSoftMin: undefined,
  axisSoftMax: undefined,
  axisGridShow: undefined,
  axisCenteredZero: false,
  axisColorMode: 'text',
  axisBorderShow: false,
  scaleDistribution: { type: 'linear' },
  hideFrom: { tooltip: false, viz: false, legend: false },
  thresholdsStyle: { mode: 'off' },
  fillBelowTo: undefined,
};

/** Grafana's time series panel by the component of `@grafana/ui` that it is built on. */
export function timeSeriesPanel(): PanelPlugin {
  return new PanelPlugin<Options>(TimeSeriesPanel)
    .useFieldConfig({
      standardOptions: {
        [FieldConfigProperty.Color]: {
          settings: { byValueSupport: true, bySeriesSupport: true },
          defaultValue: { mode: FieldColorModeId.PaletteClassic },
        },
      },
      useCustomConfig: customFields(DRAWING),
    })
    .setPanelOptions((builder) =>
      builder.addCustomEditor({
        id: 'legend',
        path: 'legend',
        name: 'legend',
        editor: () => null,
        defaultValue: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] } as never,
      }),
    )
    .setDataSupport({ annotations: true, alertStates: true });
}

function TimeSeriesPanel(props: PanelProps<Options>): ReactElement {
  const { data, width, height, timeZone, options, id, fieldConfig } = props;
  // The hover card needs the mouse; pictures and words do not.
  const { sync } = usePanelContext();
  const frames = data.series.filter(isTimeSeries);
  if (frames.length === 0) {
    return (
      <PanelDataErrorView
        panelId={id}
        data={data}
        fieldConfig={fieldConfig}
        needsTimeField
        needsNumberField
      />
    );
  }
  return (
    <TimeSeries
      frames={frames}
      structureRev={data.structureRev ?? 0}
      timeRange={props.timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={options.legend}
      options={{ tooltip: TooltipDisplayMode.None, sync: sync?.() }}
    >
      {(config) => <AnnotationMarks config={config} annotations={data.annotations ?? []} />}
    </TimeSeries>
  );
}

function isTimeSeries({ fields, length }: DataFrame): boolean {
  return (
    length > 0 &&
    fields.some(({ type }) => type === FieldType.time) &&
    fields.some(({ type }) => type === FieldType.number)
  );
}
