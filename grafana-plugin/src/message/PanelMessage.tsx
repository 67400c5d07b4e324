import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import type { Message } from './trouble-words.ts';

interface Props {
  readonly message: Message;
  /** An alert is read out at once; a status when the reader is done. */
  readonly severity?: 'alert' | 'status';
}

/** What stands in a panel that cannot show what it is asked to: what is wrong, and what to do, also when it is tiny. */
export function PanelMessage({ message, severity = 'status' }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  return (
    <div className={styles.box} role={severity} title={`${message.title}. ${message.advice}`}>
      <Icon name={severity === 'alert' ? 'exclamation-triangle' : 'info-circle'} />
      <div className={styles.title}>{message.title}</div>
      <div className={styles.advice}>{message.advice}</div>
    </div>
  );
}

function stylesOf(theme: GrafanaTheme2): { box: string; title: string; advice: string } {
  return {
    box: css({
      height: '100%',
      overflow: 'auto',
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'center',
      justifyContent: 'safe center',
      textAlign: 'center',
      gap: theme.spacing(0.5),
      padding: theme.spacing(1),
    }),
    title: css({ fontWeight: theme.typography.fontWeightMedium, color: theme.colors.text.primary }),
    advice: css({
      fontSize: theme.typography.bodySmall.fontSize,
      color: theme.colors.text.secondary,
      maxWidth: theme.spacing(60),
    }),
  };
}
