import { messageOf } from '../../message/trouble-words.ts';
import { t } from '../../language/translate.ts';
import type { Notice } from '../rows/notices.ts';

export function noticeWords(notice: Notice): string {
  switch (notice.kind) {
    case 'error':
      return t('model-status.notice.error', 'A query failed, so something may be missing: {{message}}', {
        message: notice.message,
      });
    case 'trouble': {
      const { title, advice } = messageOf(notice.trouble);
      return `${title}. ${advice}`;
    }
    case 'p95_unit':
      return t(
        'model-status.notice.p95-unit',
        'P95 has the unit “{{unit}}”, which is no time, so it is not compared with the limit. Set the unit of each query with an override.',
        { unit: notice.unit },
      );
    case 'capped':
      return t(
        'model-status.notice.capped',
        'Showing the worst {{shown}} of {{total}} models. Narrow the query to see the others.',
        { shown: notice.shown, total: notice.total },
      );
  }
}
