import { css } from '@emotion/css';
import { FieldType, type GrafanaTheme2, LoadingState, type PanelProps } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { type ReactElement, useMemo } from 'react';
import { t } from '../../language/translate.ts';
import { PanelMessage } from '../../message/PanelMessage.tsx';
import { type Message, messageOf } from '../../message/trouble-words.ts';
import { type Trouble, troublesOf } from '../../reading/wanted.ts';
import { modelLinks } from '../anatomy/model-links.ts';
import { type ModelAnatomy, WANTED, modelAnatomies } from '../anatomy/model-anatomy.ts';
import { type Ranked, ranked } from '../anatomy/ranking.ts';
import { type AnatomyOptions, optionsFrom } from '../options.ts';
import { outliersOf } from '../outliers/outliers.ts';
import { AnatomyTable } from './AnatomyTable.tsx';
import { layoutFor, mediumColumns, wideColumns } from './layout.ts';
import type { View } from './view.ts';
import { writingOf } from './writing-of.ts';

const OUTLIERS_OF_A_MODEL = 3;

/** Where the seconds of requests went, for each model of the queries. */
export function AnatomyPanel(props: PanelProps<AnatomyOptions>): ReactElement {
  const { data } = props;
  const options = useMemo(() => optionsFrom(props.options), [props.options]);
  const asked = useMemo(() => data.request?.targets.map(({ refId }) => refId), [data.request]);
  const models = useMemo(() => modelsOf(props, options, asked), [data.series, options, asked]);
  const error = errorOf(props);
  const troubles = troublesOf(data.series, WANTED, asked);
  if (models.length === 0) {
    if (error !== undefined) return <PanelMessage message={error} severity="alert" />;
    const isLoading = data.state === LoadingState.Loading || data.state === LoadingState.NotStarted;
    if (isLoading && data.series.length === 0) return <PanelMessage message={loading()} />;
    return <PanelMessage message={messageOf(troubles[0] ?? { kind: 'no_data', refId: 'total' })} />;
  }
  if (models.every(({ kind }) => kind === 'empty')) return <PanelMessage message={nothingFinished()} />;
  const notes = [
    ...(error === undefined ? [] : [`${error.title}: ${error.advice}`]),
    ...troubles.filter(isNews).map(titleOf),
  ];
  return <Models {...props} options={options} models={models} notes={notes} />;
}

interface ModelsProps extends PanelProps<AnatomyOptions> {
  readonly models: readonly ModelAnatomy[];
  /** What is wrong with queries that the panel can do without. */
  readonly notes: readonly string[];
}

function Models(props: ModelsProps): ReactElement {
  const { data, models, notes, options } = props;
  const styles = useStyles2(stylesOf);
  const view = useView(props);
  const shown = useMemo(() => ranked(models, options), [models, options]);
  const outliers = useMemo(() => {
    const only = models.length === 1 ? models[0]?.endpointId : undefined;
    // Data sources differ in whether their exemplars are annotations.
    return outliersOf([...(data.annotations ?? []), ...data.series], OUTLIERS_OF_A_MODEL, only);
  }, [data.annotations, data.series, models]);
  const links = useMemo(() => modelLinks(data.series), [data.series]);
  return (
    <AnatomyTable
      models={shown.shown}
      outliers={outliers}
      linksOf={(endpointId) => links.get(endpointId)?.() ?? []}
      options={options}
      view={view}
      notes={notes}
    >
      <div className={styles.foot}>
        {leftOut(shown).map((note) => (
          <div key={note}>{note}</div>
        ))}
        <div>{howToRead(view)}</div>
      </div>
    </AnatomyTable>
  );
}

function useView({ data, fieldConfig, timeZone, width }: PanelProps<AnatomyOptions>): View {
  const theme = useTheme2();
  return useMemo(() => {
    const total = data.series
      .find(({ refId }) => refId === 'total')
      ?.fields.find(({ type }) => type === FieldType.number);
    const config = { ...fieldConfig.defaults, ...total?.config };
    const layout = layoutFor(width);
    const columns =
      layout === 'wide'
        ? wideColumns(width)
        : layout === 'medium'
          ? mediumColumns(width)
          : '44px minmax(0, 1fr)';
    return { layout, columns, writing: writingOf(config, theme), config, timeZone, theme };
  }, [data.series, fieldConfig, theme, timeZone, width]);
}

function modelsOf(
  { data }: PanelProps<AnatomyOptions>,
  { statistics, pollInterval }: AnatomyOptions,
  asked: readonly string[] | undefined,
): readonly ModelAnatomy[] {
  const question = {
    quantiles: statistics.filter((statistic) => statistic !== 'mean'),
    withMean: statistics.includes('mean'),
    pollSeconds: pollInterval,
  };
  return modelAnatomies(data.series, question, asked);
}

/** Missing exemplars and parts without data are told where they matter: at their model. */
function isNews({ kind }: Trouble): boolean {
  return kind !== 'no_data' && kind !== 'query_missing';
}

function titleOf(trouble: Trouble): string {
  return messageOf(trouble).title;
}

function errorOf({ data }: PanelProps<AnatomyOptions>): Message | undefined {
  const error = data.errors?.[0] ?? data.error;
  if (error === undefined && data.state !== LoadingState.Error) return undefined;
  return {
    title: t('anatomy.error.title', 'A query failed'),
    advice:
      error?.message ??
      error?.data?.message ??
      t('anatomy.error.advice', 'Check the data source; the query inspector has its answer.'),
  };
}

function loading(): Message {
  return {
    title: t('anatomy.loading.title', 'Loading'),
    advice: t('anatomy.loading.advice', 'The queries are under way.'),
  };
}

function nothingFinished(): Message {
  return {
    title: t('anatomy.empty.title', 'No requests finished in this range'),
    advice: t(
      'anatomy.empty.advice',
      'Requests count when they end. Take a longer range, or look at the requests in flight.',
    ),
  };
}

function leftOut({ shown, left }: Ranked): readonly string[] {
  if (left === 0) return [];
  return [
    t('anatomy.left-out', '{{shown}} models shown, {{left}} more left out by the panel’s limit.', {
      shown: shown.length,
      left,
    }),
  ];
}

function howToRead({ layout }: View): string {
  const numbers = t(
    'anatomy.how-to-read',
    'Quantiles of parts do not add up to that of the total: the slowest in the queue need not be the slowest in inference. Means do. In brackets: where the true value lies, as far as buckets and polling tell.',
  );
  if (layout === 'narrow') return numbers;
  const bars = t(
    'anatomy.how-to-read-bars',
    'Bars are solid as far as they are certain and pale beyond; the upright line is the total, the whisker its range.',
  );
  return `${numbers} ${bars}`;
}

function stylesOf(theme: GrafanaTheme2): Record<'foot', string> {
  return {
    foot: css({
      padding: theme.spacing(1, 0),
      borderTop: `1px solid ${theme.colors.border.weak}`,
      fontSize: theme.typography.bodySmall.fontSize,
      color: theme.colors.text.secondary,
      maxWidth: theme.spacing(130),
    }),
  };
}
