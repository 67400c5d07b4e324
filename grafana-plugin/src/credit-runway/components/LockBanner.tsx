import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import type { Saying } from '../words/saying.ts';

interface Props {
  readonly saying: Saying;
  readonly isCompact: boolean;
}

/** That fal refuses the account: louder than everything else on the card. */
export function LockBanner({ saying, isCompact }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  return (
    <div role="alert" className={styles.banner} title={`${saying.headline}. ${saying.detail}`}>
      <Icon name="lock" className={styles.icon} />
      <div>
        <strong>{saying.headline}</strong>
        {!isCompact && <div className={styles.advice}>{saying.detail}</div>}
      </div>
    </div>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'banner' | 'icon' | 'advice', string> {
  return {
    banner: css({
      flex: 'none',
      display: 'flex',
      gap: theme.spacing(1),
      padding: theme.spacing(0.5, 1),
      borderRadius: theme.shape.radius.default,
      background: theme.colors.error.main,
      color: theme.colors.error.contrastText,
      overflowWrap: 'anywhere',
    }),
    icon: css({ flex: 'none', marginTop: theme.spacing(0.25) }),
    advice: css({ fontSize: theme.typography.bodySmall.fontSize }),
  };
}
