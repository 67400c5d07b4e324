import { FieldConfigProperty, PanelPlugin, ThresholdsMode } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { AnatomyPanel } from './components/AnatomyPanel.tsx';
import { addAnatomyOptions } from './components/anatomy-options.ts';
import type { AnatomyOptions } from './options.ts';

void initPluginTranslations('falobs-anatomy-panel');

export const plugin = new PanelPlugin<AnatomyOptions>(AnatomyPanel)
  .setNoPadding()
  // Exemplars come as annotations, which Grafana keeps from a panel that does not ask for them.
  .setDataSupport({ annotations: true, alertStates: false })
  .setPanelOptions(addAnatomyOptions)
  .useFieldConfig({
    standardOptions: {
      [FieldConfigProperty.Unit]: { defaultValue: 's' },
      // Grafana's own default calls 80 and more red. The limit of a model comes from its query; this is for more.
      [FieldConfigProperty.Thresholds]: {
        defaultValue: { mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: 'text' }] },
      },
    },
    disableStandardOptions: [
      FieldConfigProperty.Min,
      FieldConfigProperty.Max,
      FieldConfigProperty.FieldMinMax,
      FieldConfigProperty.Color,
      FieldConfigProperty.DisplayName,
      FieldConfigProperty.NoValue,
      FieldConfigProperty.Mappings,
      FieldConfigProperty.Actions,
      FieldConfigProperty.Filterable,
    ],
  });
