import { FieldColorModeId, FieldConfigProperty, PanelPlugin, ThresholdsMode } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { RunwayPanel } from './components/RunwayPanel.tsx';
import { addRunwayOptions } from './components/runway-options.ts';
import type { RunwayOptions } from './options.ts';

void initPluginTranslations('falobs-runway-panel');

export const plugin = new PanelPlugin<RunwayOptions>(RunwayPanel)
  .setPanelOptions(addRunwayOptions)
  .useFieldConfig({
    disableStandardOptions: [
      FieldConfigProperty.Min,
      FieldConfigProperty.Max,
      FieldConfigProperty.NoValue,
      FieldConfigProperty.Color,
      FieldConfigProperty.Mappings,
    ],
    standardOptions: {
      [FieldConfigProperty.Unit]: { defaultValue: 'currencyUSD' },
      // Grafana's own default calls 80 and more red, and of a balance more is better.
      [FieldConfigProperty.Thresholds]: {
        defaultValue: {
          mode: ThresholdsMode.Absolute,
          steps: [
            { value: -Infinity, color: 'red' },
            { value: 5, color: 'orange' },
            { value: 20, color: 'green' },
          ],
        },
      },
      [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.Fixed } },
    },
  });
