import type { PanelOptionsEditorBuilder } from '@grafana/data';
import { choicesOf, type SeveralChoices, severalOf } from '../../grafana/choices.ts';
import { t } from '../../language/translate.ts';
import type { Statistic } from '../anatomy/anatomy.ts';
import { type AnatomyOptions, DEFAULT_OPTIONS, MOST_MODELS } from '../options.ts';
import { statisticLabel } from '../words/part-words.ts';

const STATISTICS: readonly Statistic[] = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 'mean'];

/** The options of the panel, as the editor of Grafana shows them. */
export function addAnatomyOptions(builder: PanelOptionsEditorBuilder<AnatomyOptions>): void {
  addContents(builder);
  addBars(builder);
}

function addContents(builder: PanelOptionsEditorBuilder<AnatomyOptions>): void {
  builder
    .addMultiSelect<Statistic | Statistic[], SeveralChoices<Statistic>>({
      path: 'statistics',
      name: t('anatomy.options.statistics', 'Rows of a model'),
      description: t(
        'anatomy.options.statistics-help',
        'The mean needs the queries total_sum, queue_sum, inference_sum, upload_sum and fetch_sum.',
      ),
      defaultValue: [...DEFAULT_OPTIONS.statistics],
      settings: severalOf(STATISTICS, statisticLabel),
    })
    .addRadio({
      path: 'sort',
      name: t('anatomy.options.sort', 'Order of models'),
      defaultValue: DEFAULT_OPTIONS.sort,
      settings: choicesOf<AnatomyOptions['sort']>({
        slowest: t('anatomy.options.sort-slowest', 'Slowest P95'),
        requests: t('anatomy.options.sort-requests', 'Most requests'),
        name: t('anatomy.options.sort-name', 'Name'),
      }),
    })
    .addNumberInput({
      path: 'maxModels',
      name: t('anatomy.options.models', 'Most models'),
      description: t('anatomy.options.models-help', 'The panel says how many it leaves out.'),
      defaultValue: DEFAULT_OPTIONS.maxModels,
      settings: { min: 1, max: MOST_MODELS, integer: true },
    })
    .addNumberInput({
      path: 'pollInterval',
      name: t('anatomy.options.poll', 'Poll interval in seconds'),
      description: t(
        'anatomy.options.poll-help',
        'How long your app waits between two looks at the queue, the way there and back included. A queue wait is known to within this.',
      ),
      defaultValue: DEFAULT_OPTIONS.pollInterval,
      settings: { min: 0, step: 0.1 },
    });
}

function addBars(builder: PanelOptionsEditorBuilder<AnatomyOptions>): void {
  builder
    .addRadio({
      path: 'scale',
      name: t('anatomy.options.scale', 'Scale'),
      description: t(
        'anatomy.options.scale-help',
        'One for all compares models; one each shows the parts of fast models, too.',
      ),
      defaultValue: DEFAULT_OPTIONS.scale,
      settings: choicesOf<AnatomyOptions['scale']>({
        own: t('anatomy.options.scale-own', 'Each model its own'),
        shared: t('anatomy.options.scale-shared', 'One for all'),
      }),
    })
    .addRadio({
      path: 'axis',
      name: t('anatomy.options.axis', 'Axis'),
      description: t(
        'anatomy.options.axis-help',
        'On a logarithmic axis the lengths of parts cannot be compared, only where they end.',
      ),
      defaultValue: DEFAULT_OPTIONS.axis,
      settings: choicesOf<AnatomyOptions['axis']>({
        linear: t('anatomy.options.axis-linear', 'Linear'),
        log: t('anatomy.options.axis-log', 'Logarithmic'),
      }),
    });
}
