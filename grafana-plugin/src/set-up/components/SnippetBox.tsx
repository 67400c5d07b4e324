import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Snippet } from '../check.ts';

/** A text to copy, with where it goes. */
export function SnippetBox({ snippet }: { readonly snippet: Snippet }): ReactElement {
  const styles = useStyles2(stylesOf);
  const { title, text } = snippet;
  return (
    <figure className={styles.figure}>
      <div className={styles.head}>
        <figcaption className={styles.caption}>{title}</figcaption>
        <ClipboardButton
          variant="secondary"
          size="sm"
          icon="copy"
          getText={() => text}
          aria-label={t('set-up.copy-what', 'Copy: {{title}}', { title })}
        >
          {t('set-up.copy', 'Copy')}
        </ClipboardButton>
      </div>
      {/* Long lines scroll; whoever has no pointer reaches them by the keyboard. */}
      <pre className={styles.text} tabIndex={0} role="region" aria-label={title}>
        {text}
      </pre>
    </figure>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'figure' | 'head' | 'caption' | 'text', string> {
  return {
    figure: css({ margin: 0, minWidth: 0 }),
    head: css({
      display: 'flex',
      justifyContent: 'space-between',
      alignItems: 'flex-end',
      gap: theme.spacing(1),
    }),
    caption: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
    text: css({
      margin: theme.spacing(0.5, 0, 0),
      overflowX: 'auto',
      whiteSpace: 'pre',
      wordBreak: 'normal',
    }),
  };
}
