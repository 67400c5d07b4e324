import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

type Part =
  | 'box'
  | 'svg'
  | 'grid'
  | 'text'
  | 'line'
  | 'area'
  | 'dot'
  | 'band'
  | 'edge'
  | 'level'
  | 'crossing'
  | 'now'
  | 'topUp'
  | 'grant'
  | 'cursor'
  | 'tooltip';

/** Colours by kind of level, set with `data-kind`. */
export function chartStyles(theme: GrafanaTheme2): Record<Part, string> {
  const { colors, visualization, typography } = theme;
  const line = visualization.getColorByName('blue');
  const kinds = (property: 'stroke' | 'fill'): Record<string, Record<string, string>> => ({
    '&[data-kind="warning"]': { [property]: colors.warning.main },
    '&[data-kind="critical"], &[data-kind="empty"]': { [property]: colors.error.main },
  });
  return {
    box: css({
      flex: 1,
      minHeight: 0,
      position: 'relative',
      overflow: 'hidden',
      borderRadius: theme.shape.radius.default,
      '&:focus-visible': { outline: `2px solid ${colors.primary.main}`, outlineOffset: -2 },
    }),
    svg: css({ position: 'absolute', inset: 0, display: 'block' }),
    grid: css({ stroke: colors.border.weak, strokeWidth: 1 }),
    text: css({
      fill: colors.text.secondary,
      // Legible where a line passes behind it.
      paintOrder: 'stroke',
      stroke: colors.background.primary,
      strokeWidth: 3,
      fontSize: typography.size.xs,
      fontVariantNumeric: 'tabular-nums',
      '&[data-kind="top-up"]': { fill: colors.success.text },
      '&[data-kind="grant"]': { fill: visualization.getColorByName('light-purple') },
    }),
    line: css({ stroke: line, strokeWidth: 1.5, fill: 'none', strokeLinejoin: 'round' }),
    area: css({ fill: line, fillOpacity: 0.1 }),
    dot: css({ fill: line, stroke: colors.background.primary, strokeWidth: 1.5 }),
    band: css({ fill: line, fillOpacity: 0.22 }),
    edge: css({ stroke: line, strokeWidth: 1, strokeDasharray: '4 3', fill: 'none' }),
    level: css({ strokeWidth: 1, strokeDasharray: '6 4', opacity: 0.8, ...kinds('stroke') }),
    crossing: css({ strokeWidth: 4, strokeLinecap: 'round', ...kinds('stroke') }),
    now: css({ stroke: colors.text.secondary, strokeWidth: 1 }),
    topUp: css({ fill: colors.success.main, stroke: colors.background.primary, strokeWidth: 1 }),
    grant: css({ stroke: visualization.getColorByName('purple'), strokeWidth: 1.5, strokeDasharray: '2 3' }),
    cursor: css({ stroke: colors.text.primary, strokeWidth: 1, strokeDasharray: '3 3' }),
    tooltip: tooltipStyle(theme),
  };
}

function tooltipStyle(theme: GrafanaTheme2): string {
  const { colors } = theme;
  return css({
    position: 'absolute',
    pointerEvents: 'none',
    padding: theme.spacing(0.5, 1),
    borderRadius: theme.shape.radius.default,
    background: colors.background.elevated,
    border: `1px solid ${colors.border.weak}`,
    boxShadow: theme.shadows.z2,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
    span: { color: colors.text.secondary },
  });
}
