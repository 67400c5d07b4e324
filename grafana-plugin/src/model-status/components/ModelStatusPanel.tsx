import { LoadingState, type PanelProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import { type ReactElement, useCallback, useMemo } from 'react';
import { t } from '../../language/translate.ts';
import { PanelMessage } from '../../message/PanelMessage.tsx';
import { messageOf } from '../../message/trouble-words.ts';
import { type Wanted, troublesOf } from '../../reading/wanted.ts';
import { DEFAULTS, type ModelStatusOptions } from '../options.ts';
import { noticesOf } from '../rows/notices.ts';
import { arrange } from '../rows/order.ts';
import type { Row } from '../rows/row.ts';
import { QUERIES, rowsOf } from '../rows/rows.ts';
import { clockOf } from '../words/clock.ts';
import { StatusTable } from './StatusTable.tsx';
import { linksOf } from './row-links.ts';

const WANTED: readonly Wanted[] = [
  { refId: QUERIES.state, isRequired: true, labels: ['endpoint_id', 'verdict'] },
  { refId: QUERIES.errors, isRequired: false, labels: ['endpoint_id'] },
  { refId: QUERIES.p95, isRequired: false, labels: ['endpoint_id'] },
  { refId: QUERIES.limit, isRequired: false, labels: ['endpoint_id'] },
];

/** The panel: a table of models, or why there is none. */
export function ModelStatusPanel(props: PanelProps<ModelStatusOptions>): ReactElement {
  const { data, timeZone, replaceVariables, width, height } = props;
  // A dashboard written by hand may leave options out.
  const options = useMemo(() => ({ ...DEFAULTS, ...props.options }), [props.options]);
  const view = useMemo(() => viewOf(data, timeZone), [data, timeZone]);
  const arranged = useMemo(() => arrange(view.rows, options), [view.rows, options]);
  const notices = useMemo(() => noticesOf({ ...view, arranged }), [view, arranged]);
  const links = useCallback(
    (row: Row) => linksOf(row, { data, options, replaceVariables }),
    [data, options, replaceVariables],
  );
  if (view.rows.length === 0)
    return <Nothing data={data} errors={view.errors} noValue={props.fieldConfig.defaults.noValue} />;
  return (
    <StatusTable
      view={view}
      arranged={arranged}
      notices={notices}
      options={options}
      linksOf={links}
      width={width}
      height={height}
    />
  );
}

interface NothingProps {
  readonly data: PanelProps['data'];
  readonly errors: readonly string[];
  /** What the author of the dashboard wants to be said where there is no data. */
  readonly noValue: string | undefined;
}

/** Why there is no row: not yet, an error, or data that the panel cannot read. */
function Nothing({ data, errors, noValue }: NothingProps): ReactElement {
  if (data.state === LoadingState.Loading || data.state === LoadingState.NotStarted) {
    return <LoadingPlaceholder text={t('model-status.loading', 'Loading the status of the models…')} />;
  }
  if (data.state === LoadingState.Error || errors.length > 0) {
    const message = {
      title: t('model-status.error.title', 'The status of the models could not be read'),
      advice:
        errors.length > 0
          ? errors.join('\n')
          : t(
              'model-status.error.advice',
              'Check the data source; its own message is in the panel’s corner.',
            ),
    };
    return <PanelMessage message={message} severity="alert" />;
  }
  const found = troublesIn(data).find(({ refId }) => refId === QUERIES.state);
  const trouble = found ?? { kind: 'no_data', refId: QUERIES.state };
  const message = messageOf(trouble);
  const isAnswered = trouble.kind === 'no_data' && noValue !== undefined && noValue !== '';
  return <PanelMessage message={isAnswered ? { ...message, advice: noValue } : message} />;
}

function viewOf(data: PanelProps['data'], timeZone: string) {
  const range = { from: data.timeRange.from.valueOf(), to: data.timeRange.to.valueOf() };
  const read = rowsOf({
    frames: data.series,
    range,
    now: Date.now(),
    fallbackStep: data.request?.intervalMs ?? 60_000,
  });
  const time = { now: read.period.to, clock: clockOf(timeZone, read.period) };
  return { ...read, range, time, troubles: troublesIn(data), errors: errorsIn(data) };
}

function troublesIn({ series, request }: PanelProps['data']): ReturnType<typeof troublesOf> {
  return troublesOf(
    series,
    WANTED,
    request?.targets.map(({ refId }) => refId),
  );
}

function errorsIn({ errors = [], error }: PanelProps['data']): string[] {
  const all = errors.length > 0 ? errors : error === undefined ? [] : [error];
  return all.flatMap(({ message, data }) => message ?? data?.message ?? []);
}
