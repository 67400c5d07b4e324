import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { type Check, type CheckState, stateWords } from '../check.ts';
import { SnippetBox } from './SnippetBox.tsx';

const ICONS: Readonly<Record<CheckState, IconName>> = {
  ok: 'check-circle',
  missing: 'times-circle',
  old: 'clock-nine',
  attention: 'exclamation-triangle',
  unknown: 'question-circle',
};

/** One check: its state in a word and a sign, what was found, and how to mend it. */
export function CheckItem({ check }: { readonly check: Check }): ReactElement {
  const styles = useStyles2(stylesOf);
  const { id, title, state, words, mend } = check;
  return (
    <li className={styles.item} data-state={state} data-check={id}>
      <div className={styles.head}>
        <span className={styles[state]}>
          <Icon name={ICONS[state]} aria-hidden /> {stateWords(state)}
        </span>
        <h3 className={styles.title}>{title}</h3>
      </div>
      <p className={styles.words}>{words}</p>
      {mend !== undefined && (
        <div className={styles.mend}>
          <p className={styles.words}>{mend.words}</p>
          {mend.snippets.map((snippet) => (
            <SnippetBox key={snippet.title} snippet={snippet} />
          ))}
        </div>
      )}
    </li>
  );
}

function stylesOf(
  theme: GrafanaTheme2,
): Record<CheckState | 'item' | 'head' | 'title' | 'words' | 'mend', string> {
  const state = (color: string): string =>
    css({
      color,
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      whiteSpace: 'nowrap',
    });
  return {
    ok: state(theme.colors.success.text),
    missing: state(theme.colors.error.text),
    old: state(theme.colors.warning.text),
    attention: state(theme.colors.warning.text),
    unknown: state(theme.colors.text.secondary),
    item: css({
      padding: theme.spacing(1.5, 2),
      background: theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
    }),
    head: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0, 2) }),
    title: css({ ...theme.typography.h5, margin: 0 }),
    words: css({ margin: theme.spacing(0.5, 0, 0), overflowWrap: 'anywhere' }),
    mend: css({
      marginTop: theme.spacing(0.5),
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1),
    }),
  };
}
