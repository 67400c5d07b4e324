import type { PanelOptionsEditorBuilder } from '@grafana/data';
import { choicesOf, type SeveralChoices, severalOf } from '../grafana/choices.ts';
import { t } from '../language/translate.ts';
import type { ColumnId } from './layout/columns.ts';
import { DEFAULTS, type Density, type ModelStatusOptions } from './options.ts';
import type { Sort } from './rows/order.ts';
import { columnWords } from './words/column-words.ts';

/** What a person may set in the panel editor. */
export function addOptions(builder: PanelOptionsEditorBuilder<ModelStatusOptions>): void {
  addRowOptions(builder);
  addLinkOptions(builder);
}

function addRowOptions(builder: PanelOptionsEditorBuilder<ModelStatusOptions>): void {
  const category = [t('model-status.options.rows', 'Rows')];
  builder
    .addRadio({
      path: 'sort',
      name: t('model-status.options.sort', 'Order'),
      category,
      defaultValue: DEFAULTS.sort,
      settings: choicesOf<Sort>({
        worst: t('model-status.options.sort-worst', 'Worst first'),
        name: t('model-status.options.sort-name', 'By name'),
      }),
    })
    .addMultiSelect<ColumnId | ColumnId[], SeveralChoices<ColumnId>>({
      path: 'columns',
      name: t('model-status.options.columns', 'Columns'),
      description: t(
        'model-status.options.columns-hint',
        'Name and state are always shown. A column that has no room is left out.',
      ),
      category,
      defaultValue: [...DEFAULTS.columns],
      settings: severalOf(DEFAULTS.columns, columnWords),
    })
    .addRadio({
      path: 'density',
      name: t('model-status.options.density', 'Row height'),
      category,
      defaultValue: DEFAULTS.density,
      settings: choicesOf<Density>({
        auto: t('model-status.options.density-auto', 'Auto'),
        compact: t('model-status.options.density-compact', 'Compact'),
        roomy: t('model-status.options.density-roomy', 'Roomy'),
      }),
    })
    .addBooleanSwitch({
      path: 'byAccount',
      name: t('model-status.options.by-account', 'Group by account'),
      description: t(
        'model-status.options.by-account-hint',
        'Matters only where there are several accounts.',
      ),
      category,
      defaultValue: DEFAULTS.byAccount,
    });
}

function addLinkOptions(builder: PanelOptionsEditorBuilder<ModelStatusOptions>): void {
  const category = [t('model-status.options.link', 'Link of a row')];
  builder
    .addTextInput({
      path: 'dashboard',
      name: t('model-status.options.dashboard', 'Dashboard'),
      description: t(
        'model-status.options.dashboard-hint',
        'The uid of the dashboard that a row opens. Data links, where there are any, take its place. Empty: no link.',
      ),
      category,
      defaultValue: DEFAULTS.dashboard,
    })
    .addBooleanSwitch({
      path: 'inNewTab',
      name: t('model-status.options.new-tab', 'Open in a new tab'),
      category,
      defaultValue: DEFAULTS.inNewTab,
    });
}
