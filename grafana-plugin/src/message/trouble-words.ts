import { t } from '../language/translate.ts';
import type { Trouble } from '../reading/wanted.ts';

/** A sentence on what is wrong, and one on what to do. */
export interface Message {
  readonly title: string;
  readonly advice: string;
}

/** What to tell a person of a trouble. Names of queries and labels are ours, so they need no escaping. */
export function messageOf(trouble: Trouble): Message {
  const { refId } = trouble;
  switch (trouble.kind) {
    case 'query_missing':
      return {
        title: t('message.query-missing.title', 'The query “{{refId}}” is missing', { refId }),
        advice: t(
          'message.query-missing.advice',
          'This panel finds its queries by name. Copy the panel from the dashboard “fal Status”, or rename your query to {{refId}}.',
          { refId },
        ),
      };
    case 'no_data':
      return {
        title: t('message.no-data.title', 'No data from the query “{{refId}}”', { refId }),
        advice: t(
          'message.no-data.advice',
          'Check the data source and the time range first; the set-up page of the app says what is missing.',
        ),
      };
    case 'label_missing':
      return {
        title: t('message.label-missing.title', 'The query “{{refId}}” has no label {{label}}', {
          refId,
          label: trouble.label,
        }),
        advice: t(
          'message.label-missing.advice',
          'Keep this label in its “by (…)”: without it the series cannot be told apart.',
        ),
      };
    case 'no_numbers':
      return {
        title: t('message.no-numbers.title', 'The query “{{refId}}” gives no numbers', { refId }),
        advice: t(
          'message.no-numbers.advice',
          'It has to come from a Prometheus data source, as time series. Check the data source of the panel.',
        ),
      };
  }
}
