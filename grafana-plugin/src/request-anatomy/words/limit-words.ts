import { t } from '../../language/translate.ts';
import type { Row } from '../anatomy/anatomy.ts';
import { statisticLabel } from './part-words.ts';
import type { Writing } from './seconds-text.ts';

/** How a total stands to the latency limit of its model. */
export type Standing = 'within' | 'above' | 'unclear';

export function standingOf({ total }: Row, limit: number): Standing {
  if (total.low >= limit) return 'above';
  return total.high <= limit ? 'within' : 'unclear';
}

export function standingText(row: Row, limit: number, writing: Writing): string {
  const values = { what: statisticLabel(row.statistic), limit: writing.one(limit) };
  switch (standingOf(row, limit)) {
    case 'above':
      return t('anatomy.limit.above', '{{what}} above the limit of {{limit}}', values);
    case 'within':
      return t('anatomy.limit.within', '{{what}} within the limit of {{limit}}', values);
    case 'unclear':
      return t('anatomy.limit.unclear', '{{what}} about at the limit of {{limit}}', values);
  }
}
