import { Icon, useTheme2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { verdictColor } from '../../verdict/verdict-color.ts';
import { verdictIcon } from './verdict-icon.ts';

/** Says a verdict by shape and colour; the words stand beside it. */
export function VerdictIcon({ verdict }: { readonly verdict: string | undefined }): ReactElement {
  const theme = useTheme2();
  const color = verdict === undefined ? theme.colors.text.disabled : verdictColor(theme, verdict);
  return <Icon name={verdictIcon(verdict)} style={{ color, flexShrink: 0 }} aria-hidden />;
}
