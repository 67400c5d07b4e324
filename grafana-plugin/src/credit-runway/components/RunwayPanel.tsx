import { LoadingState, type PanelProps } from '@grafana/data';
import { useMemo, type ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import { PanelMessage } from '../../message/PanelMessage.tsx';
import { messageOf, type Message } from '../../message/trouble-words.ts';
import { troublesOf, type Trouble } from '../../reading/wanted.ts';
import { readAccounts, WANTED } from '../account/read-accounts.ts';
import { endOfKnown } from '../forecast/outlook.ts';
import { DEFAULT_OPTIONS, type RunwayOptions } from '../options.ts';
import { Accounts } from './Accounts.tsx';

/** Balance, burn and what is to come, for each account of the queries. */
export function RunwayPanel(props: PanelProps<RunwayOptions>): ReactElement {
  const { data, timeRange } = props;
  const options = { ...DEFAULT_OPTIONS, ...props.options };
  const readings = useMemo(() => readAccounts(data.series), [data.series]);
  const end = useMemo(() => endOfKnown(timeRange.to.valueOf(), Date.now()), [data, timeRange]);
  const asked = data.request?.targets.map(({ refId }) => refId);
  const troubles = troublesOf(data.series, WANTED, asked);
  const error = errorOf(props);
  if (readings.length > 0) {
    const notes = [...(error === undefined ? [] : [error]), ...troubles.filter(isNews).map(noteOf)];
    return <Accounts {...props} options={options} readings={readings} end={end} notes={notes} />;
  }
  if (error !== undefined) return <PanelMessage message={error} severity="alert" />;
  if (data.state === LoadingState.Loading || data.state === LoadingState.NotStarted) {
    return <PanelMessage message={loading()} />;
  }
  return <PanelMessage message={noteOf(troubles[0] ?? { kind: 'no_data', refId: 'balance' })} />;
}

/** A card says itself that its balance is not known. */
function isNews({ kind, refId }: Trouble): boolean {
  return kind !== 'no_data' || refId !== 'balance';
}

function noteOf(trouble: Trouble): Message {
  if (isNews(trouble)) return messageOf(trouble);
  return {
    title: t('runway.no-balance.title', 'No balance: the exporter needs FAL_ADMIN_KEY'),
    advice: t(
      'runway.no-balance.advice',
      'fal tells balance and spending only to a key with ADMIN scope. Set FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE for the exporter. If it has one, check data source and time range.',
    ),
  };
}

function errorOf({ data }: PanelProps<RunwayOptions>): Message | undefined {
  const error = data.errors?.[0] ?? data.error;
  if (error === undefined && data.state !== LoadingState.Error) return undefined;
  return {
    title: t('runway.error.title', 'A query failed'),
    advice:
      error?.message ??
      error?.data?.message ??
      t('runway.error.advice', 'Check the data source; the query inspector has its answer.'),
  };
}

function loading(): Message {
  return {
    title: t('runway.loading.title', 'Loading'),
    advice: t('runway.loading.advice', 'The queries are under way.'),
  };
}
