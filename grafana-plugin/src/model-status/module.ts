import { FieldConfigProperty, PanelPlugin, ThresholdsMode } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { ModelStatusPanel } from './components/ModelStatusPanel.tsx';
import { addOptions } from './option-editors.ts';
import type { ModelStatusOptions } from './options.ts';
import { ERROR_RATIO_STEPS } from './rows/thresholds.ts';

void initPluginTranslations('falobs-modelstatus-panel');

export const plugin = new PanelPlugin<ModelStatusOptions>(ModelStatusPanel)
  .setNoPadding()
  .setPanelOptions(addOptions)
  .useFieldConfig({
    standardOptions: {
      [FieldConfigProperty.Thresholds]: {
        defaultValue: {
          mode: ThresholdsMode.Absolute,
          steps: ERROR_RATIO_STEPS.map((step) => ({ ...step })),
        },
      },
    },
    disableStandardOptions: [
      FieldConfigProperty.Min,
      FieldConfigProperty.Max,
      FieldConfigProperty.FieldMinMax,
      FieldConfigProperty.Color,
      FieldConfigProperty.DisplayName,
      FieldConfigProperty.Mappings,
      FieldConfigProperty.Actions,
      FieldConfigProperty.Filterable,
    ],
  });
