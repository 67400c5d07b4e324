import { dateTimeFormat } from '@grafana/data';
import { roughly } from '../../../exporter/src/domain/words.ts';
import { t } from '../language/translate.ts';

/** `since about 2026-11-22 02:03:00 (12 min ago)`. Both in Unix milliseconds. */
export function sinceWords(since: number, at: number): string {
  return t('status.since', 'since about {{time}} ({{ago}})', {
    time: dateTimeFormat(since),
    ago: roughly(at - since),
  });
}
