import { t } from '../../language/translate.ts';
import type { ColumnId } from '../layout/columns.ts';

/** Head of a column. */
export function columnWords(id: ColumnId | 'name' | 'state'): string {
  switch (id) {
    case 'name':
      return t('model-status.column.name', 'Model');
    case 'state':
      return t('model-status.column.state', 'State');
    case 'bars':
      return t('model-status.column.bars', 'Over the range');
    case 'uptime':
      return t('model-status.column.uptime', 'Uptime');
    case 'p95':
      return t('model-status.column.p95', 'P95 / limit');
    case 'errors':
      return t('model-status.column.errors', 'Errors');
    case 'incident':
      return t('model-status.column.incident', 'Last incident');
  }
}

/** What a column means, for who points at its head. */
export function columnHint(id: ColumnId | 'name' | 'state'): string {
  switch (id) {
    case 'name':
      return t(
        'model-status.hint.name',
        'Model without its owner. Opens the dashboard that tells more of it.',
      );
    case 'state':
      return t('model-status.hint.state', 'Whose fault it is at the end of the time range, and since when.');
    case 'bars':
      return t(
        'model-status.hint.bars',
        'Each bar is an equal part of the range and shows the worst verdict in it. An empty hatched cell has no data.',
      );
    case 'uptime':
      return t(
        'model-status.hint.uptime',
        'Share of the known time in which the verdict was OK. Unknown time counts neither way. Trouble of your account or app counts as not up.',
      );
    case 'p95':
      return t(
        'model-status.hint.p95',
        'One request in twenty takes longer than this now; after the stroke the limit that the alert uses.',
      );
    case 'errors':
      return t(
        'model-status.hint.errors',
        'Failed requests now, without those that are your app’s or account’s fault.',
      );
    case 'incident':
      return t(
        'model-status.hint.incident',
        'The newest trouble in the time range: whose, when it began, how long.',
      );
  }
}
