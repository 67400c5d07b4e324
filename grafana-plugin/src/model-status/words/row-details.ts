import { t } from '../../language/translate.ts';
import type { Row } from '../rows/row.ts';
import { errorWords, latencySentence } from './number-words.ts';
import { type Time, incidentsWords, rowSentence, uptimeSentence } from './row-words.ts';
import { adviceWords } from './verdict-words.ts';

/** All that is known of a model, line by line: what a narrow panel has no columns for. */
export function rowDetails(row: Row, time: Time): string[] {
  const { account, state, uptime, latency, errors } = row;
  return [
    account === undefined
      ? undefined
      : t('model-status.details.account', 'Account: {{account}}', { account }),
    rowSentence(row, time),
    adviceWords(state.verdict),
    t('model-status.details.uptime', 'Uptime {{uptime}}', { uptime: uptimeSentence(uptime) }),
    latency && latencySentence(latency),
    errors && t('model-status.details.errors', 'Errors: {{errors}}', { errors: errorWords(errors) }),
    t('model-status.details.incident', 'Last incident: {{incident}}', {
      incident: incidentsWords(row, time),
    }),
  ].filter((line) => line !== undefined);
}
