import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Text that does not fit ends in an ellipsis. */
export const CUT = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;

/** How the cells of a row look. */
export function rowStyles(
  theme: GrafanaTheme2,
): Record<'row' | 'state' | 'stateText' | 'quiet' | 'secondary' | 'cell', string> {
  const { text, action, border, primary } = theme.colors;
  return {
    row: css({
      display: 'grid',
      alignItems: 'center',
      padding: theme.spacing(0, 1),
      borderBottom: `1px solid ${border.weak}`,
      // Rows far below the fold cost nothing until they are scrolled to.
      contentVisibility: 'auto',
      '&:hover': { background: action.hover },
      '&:focus-visible': {
        outline: `2px solid ${primary.main}`,
        outlineOffset: '-2px',
        background: action.focus,
      },
    }),
    state: css({
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      minWidth: 0,
      paddingRight: theme.spacing(1),
    }),
    stateText: css({ ...CUT, color: text.primary }),
    quiet: css({ ...CUT, color: text.secondary }),
    secondary: css({ ...CUT, color: text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
    cell: css({ ...CUT, minWidth: 0 }),
  };
}

/** How a number looks: digits stand below digits; one that is too large is bold and has a mark. */
export function numberStyles(theme: GrafanaTheme2): Record<'number' | 'loud', string> {
  return {
    number: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      justifyContent: 'flex-end',
      columnGap: theme.spacing(0.5),
      overflow: 'hidden',
      whiteSpace: 'nowrap',
      paddingRight: theme.spacing(1.5),
      fontVariantNumeric: 'tabular-nums',
      lineHeight: 1.2,
    }),
    loud: css({ fontWeight: theme.typography.fontWeightBold, color: theme.colors.text.primary }),
  };
}

/** How the name of a model looks, with and without a link. */
export function nameStyles(theme: GrafanaTheme2): Record<'name' | 'text' | 'link' | 'button', string> {
  const { text } = theme.colors;
  const name = {
    ...CUT,
    maxWidth: '100%',
    color: text.primary,
    fontWeight: theme.typography.fontWeightMedium,
  } as const;
  const link = { ...name, '&:hover': { textDecoration: 'underline', color: text.link } } as const;
  return {
    name: css({
      overflow: 'hidden',
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      columnGap: theme.spacing(0.75),
      paddingRight: theme.spacing(1),
      minWidth: 0,
      lineHeight: 1.25,
    }),
    text: css(name),
    link: css(link),
    button: css({ ...link, background: 'none', border: 'none', padding: 0, cursor: 'pointer' }),
  };
}
