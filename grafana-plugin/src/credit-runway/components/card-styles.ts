import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

type Styles = Record<'card' | 'outlook' | 'detail' | 'unit' | 'facts', string> & HeadStyles;
type HeadStyles = Record<'head' | 'money' | 'name' | 'link' | 'balance' | 'burns', string>;

/** Colours by how an account stands, set with `data-standing` and `data-tone`. */
export function cardStyles(theme: GrafanaTheme2): Styles {
  const { colors, typography, spacing } = theme;
  const small = smallText(theme);
  return {
    ...headStyles(theme),
    card: css({
      minWidth: 0,
      position: 'relative',
      display: 'flex',
      flexDirection: 'column',
      gap: spacing(0.5),
      overflow: 'hidden',
    }),
    outlook: css({
      flex: 'none',
      '[data-compact="true"] &': { fontSize: typography.bodySmall.fontSize },
      strong: { fontWeight: typography.fontWeightMedium, ...standingColors(theme) },
    }),
    detail: css({ color: colors.text.secondary }),
    unit: css(small),
    facts: css({
      ...small,
      flex: 'none',
      display: 'flex',
      flexWrap: 'wrap',
      columnGap: spacing(2),
      margin: 0,
      padding: 0,
      listStyle: 'none',
      overflowWrap: 'anywhere',
      'li[data-tone="warning"]': { color: colors.warning.text },
      'li[data-tone="critical"]': { color: colors.error.text },
    }),
  };
}

function headStyles(theme: GrafanaTheme2): HeadStyles {
  const { colors, typography, spacing } = theme;
  const small = smallText(theme);
  const cut = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;
  const digits = { fontVariantNumeric: 'tabular-nums' } as const;
  return {
    head: css({
      flex: 'none',
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'flex-start',
      columnGap: spacing(5),
    }),
    money: css({ minWidth: 0 }),
    name: css({ ...small, ...cut }),
    link: css({
      marginLeft: spacing(1),
      color: colors.text.link,
      '&:hover': { textDecoration: 'underline' },
    }),
    balance: css({
      fontSize: typography.h1.fontSize,
      lineHeight: 1.1,
      fontWeight: typography.fontWeightMedium,
      ...digits,
      '[data-compact="true"] &': { fontSize: typography.h3.fontSize },
      ...cut,
      ...standingColors(theme),
      '&[data-stale="true"]': { color: colors.text.disabled },
    }),
    burns: css({
      display: 'flex',
      gap: spacing(3),
      margin: 0,
      dt: { ...small, fontWeight: 'normal' },
      dd: { margin: 0, ...digits },
    }),
  };
}

function smallText({ typography, colors }: GrafanaTheme2): { fontSize: string | undefined; color: string } {
  return { fontSize: typography.bodySmall.fontSize, color: colors.text.secondary };
}

function standingColors({ colors }: GrafanaTheme2): Record<string, { color: string }> {
  return {
    '&[data-standing="locked"], &[data-standing="used_up"], &[data-standing="critical"]': {
      color: colors.error.text,
    },
    '&[data-standing="warning"]': { color: colors.warning.text },
  };
}
