import type { PanelOptionsEditorBuilder } from '@grafana/data';
import { choicesOf } from '../../grafana/choices.ts';
import { t } from '../../language/translate.ts';
import { DEFAULT_OPTIONS, type RunwayOptions } from '../options.ts';

/** The options of the panel, as the editor of Grafana shows them. */
export function addRunwayOptions(builder: PanelOptionsEditorBuilder<RunwayOptions>): void {
  addForecastOptions(builder);
  builder
    .addBooleanSwitch({
      path: 'showTopUps',
      name: t('runway.options.top-ups', 'Top-ups'),
      description: t(
        'runway.options.top-ups.description',
        'Mark in the chart when money was paid in, and how much.',
      ),
      defaultValue: DEFAULT_OPTIONS.showTopUps,
    })
    .addBooleanSwitch({
      path: 'showGrants',
      name: t('runway.options.grants', 'Grants'),
      description: t('runway.options.grants.description', 'Mark when granted credits expire.'),
      defaultValue: DEFAULT_OPTIONS.showGrants,
    });
}

function addForecastOptions(builder: PanelOptionsEditorBuilder<RunwayOptions>): void {
  builder
    .addRadio({
      path: 'horizon',
      name: t('runway.options.horizon', 'Look ahead'),
      description: t('runway.options.horizon.description', 'How far the chart shows the forecast.'),
      defaultValue: DEFAULT_OPTIONS.horizon,
      settings: choicesOf<RunwayOptions['horizon']>({
        auto: t('runway.options.horizon.auto', 'Auto'),
        '24h': t('runway.options.horizon.day', '24 h'),
        '7d': t('runway.options.horizon.week', '7 d'),
        '30d': t('runway.options.horizon.month', '30 d'),
      }),
    })
    .addSelect({
      path: 'thresholds',
      name: t('runway.options.thresholds', 'Thresholds'),
      description: t(
        'runway.options.thresholds.description',
        'Which marks to draw, to foretell and to colour by.',
      ),
      defaultValue: DEFAULT_OPTIONS.thresholds,
      settings: choicesOf<RunwayOptions['thresholds']>({
        both: t('runway.options.thresholds.both', 'Warning and critical'),
        warning: t('runway.options.thresholds.warning', 'Warning'),
        critical: t('runway.options.thresholds.critical', 'Critical'),
        none: t('runway.options.thresholds.none', 'None'),
      }),
    })
    .addRadio({
      path: 'thresholdSource',
      name: t('runway.options.source', 'Thresholds from'),
      description: t(
        'runway.options.source.description',
        'The query “threshold” has those of the exporter. Of the panel’s thresholds the lowest is the critical one.',
      ),
      defaultValue: DEFAULT_OPTIONS.thresholdSource,
      settings: choicesOf<RunwayOptions['thresholdSource']>({
        query: t('runway.options.source.query', 'Query'),
        panel: t('runway.options.source.panel', 'Panel'),
      }),
    });
}
