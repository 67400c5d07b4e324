import type { GrafanaTheme2 } from '@grafana/data';
import { lookOf } from '../../../dashboards/src/verdict/verdicts.ts';

/** The colour of a verdict in the theme; that of secondary text for a word that this version does not know. */
export function verdictColor(theme: GrafanaTheme2, verdict: string): string {
  const look = lookOf(verdict);
  return look === undefined ? theme.colors.text.secondary : theme.visualization.getColorByName(look.color);
}
