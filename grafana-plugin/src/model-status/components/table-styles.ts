import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { UNSEEN } from '../../message/unseen.ts';
import { CUT } from './row-styles.ts';

/** The frame of the table: it scrolls, its summary and head stay. */
export function tableStyles(
  theme: GrafanaTheme2,
): Record<'panel' | 'narrow' | 'grid' | 'group' | 'groupName' | 'unseen', string> {
  return {
    panel: css({ display: 'flex', flexDirection: 'column', overflow: 'hidden', position: 'relative' }),
    narrow: css({ fontSize: theme.typography.bodySmall.fontSize }),
    grid: css({ flex: 1, minHeight: 0, overflowX: 'hidden', overflowY: 'auto', scrollbarWidth: 'thin' }),
    group: css({
      ...CUT,
      display: 'flex',
      alignItems: 'center',
      padding: theme.spacing(0, 1),
      background: theme.colors.background.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
      gap: theme.spacing(1),
    }),
    groupName: css({ ...CUT, fontWeight: theme.typography.fontWeightBold }),
    unseen: css(UNSEEN),
  };
}

export function headStyles(theme: GrafanaTheme2): Record<'head' | 'cell' | 'number' | 'bars', string> {
  return {
    head: css({
      display: 'grid',
      alignItems: 'center',
      position: 'sticky',
      top: 0,
      zIndex: 1,
      padding: theme.spacing(0, 1),
      background: theme.colors.background.primary,
      borderBottom: `1px solid ${theme.colors.border.medium}`,
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    }),
    cell: css({ ...CUT, paddingRight: theme.spacing(1) }),
    number: css({ ...CUT, textAlign: 'right', paddingRight: theme.spacing(1.5) }),
    bars: css({
      display: 'flex',
      justifyContent: 'space-between',
      gap: theme.spacing(1),
      whiteSpace: 'nowrap',
    }),
  };
}

export function summaryStyles(theme: GrafanaTheme2): Record<SummaryPart, string> {
  const { text, warning } = theme.colors;
  const line = { ...CUT, flexBasis: '100%', fontSize: theme.typography.bodySmall.fontSize } as const;
  const inRow = { display: 'flex', alignItems: 'center', gap: theme.spacing(0.5) } as const;
  return {
    summary: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      columnGap: theme.spacing(2),
      padding: theme.spacing(0.5, 1),
    }),
    headline: css({ ...CUT, ...inRow, fontWeight: theme.typography.fontWeightBold }),
    cut: css(CUT),
    breakdown: css({ ...CUT, color: text.secondary, fontSize: line.fontSize }),
    advice: css({ ...line, color: text.primary }),
    notice: css({ ...line, ...inRow, color: text.secondary }),
    noticeIcon: css({ color: warning.text, flexShrink: 0 }),
    legend: css({
      ...inRow,
      flexWrap: 'wrap',
      gap: theme.spacing(0.5, 2),
      padding: theme.spacing(0.75, 1),
      color: text.secondary,
      fontSize: line.fontSize,
      listStyle: 'none',
    }),
    legendItem: css({ ...inRow, whiteSpace: 'nowrap' }),
  };
}

type SummaryPart =
  'summary' | 'headline' | 'cut' | 'breakdown' | 'advice' | 'notice' | 'noticeIcon' | 'legend' | 'legendItem';
