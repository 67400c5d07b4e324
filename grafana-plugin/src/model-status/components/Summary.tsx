import { Icon, useStyles2 } from '@grafana/ui';
import { type ReactElement, useMemo } from 'react';
import type { Notice } from '../rows/notices.ts';
import { summaryOf } from '../rows/summary.ts';
import { noticeWords } from '../words/notice-words.ts';
import { adviceLine, breakdownWords, headlineWords, shortHeadline } from '../words/summary-words.ts';
import type { View } from './StatusTable.tsx';
import { VerdictIcon } from './VerdictIcon.tsx';
import { summaryStyles } from './table-styles.ts';

interface Props {
  readonly view: View;
  readonly notices: readonly Notice[];
  /** Pixels. */
  readonly width: number;
  readonly isTall: boolean;
}

/** Pixels from which there is room for whole sentences, and for the sentence on what to do. */
const SENTENCE_FROM = 320;
const ADVICE_FROM = 360;

/** How things stand, what to do next, and what a person should know of the data. */
export function Summary({ view, notices, width, isTall }: Props): ReactElement {
  const styles = useStyles2(summaryStyles);
  const summary = useMemo(() => summaryOf(view.rows), [view.rows]);
  const worst =
    summary.byVerdict[0]?.verdict ??
    (summary.ok === summary.total && summary.failingUnseen === 0 ? 'ok' : 'unknown');
  const breakdown = breakdownWords(summary).join(' · ');
  const isRoomy = width >= SENTENCE_FROM;
  const headline = isRoomy ? headlineWords(summary, view.time) : shortHeadline(summary);
  const advice = isTall && width >= ADVICE_FROM ? adviceLine(view.rows, summary) : undefined;
  return (
    <div className={styles.summary}>
      <div
        className={styles.headline}
        aria-live="polite"
        aria-atomic="true"
        title={`${headlineWords(summary, view.time)}\n${breakdown}`}
      >
        <VerdictIcon verdict={summary.noData === summary.total ? undefined : worst} />
        <span className={styles.cut}>{headline}</span>
      </div>
      {isRoomy && breakdown !== '' && <div className={styles.breakdown}>{breakdown}</div>}
      {advice !== undefined && (
        <div className={styles.advice} title={advice}>
          {advice}
        </div>
      )}
      {notices.map((notice) => (
        <NoticeLine key={noticeWords(notice)} words={noticeWords(notice)} />
      ))}
    </div>
  );
}

function NoticeLine({ words }: { words: string }): ReactElement {
  const styles = useStyles2(summaryStyles);
  return (
    <div className={styles.notice} title={words}>
      <Icon name="info-circle" size="sm" className={styles.noticeIcon} aria-hidden />
      <span className={styles.cut}>{words}</span>
    </div>
  );
}
