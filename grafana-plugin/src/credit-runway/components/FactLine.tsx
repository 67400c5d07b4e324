import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import type { Fact } from '../words/fact-words.ts';
import { cardStyles } from './card-styles.ts';

interface Props {
  readonly facts: readonly Fact[];
}

/** Thresholds, top-ups, grants and spending, in a few words each. */
export function FactLine({ facts }: Props): ReactElement | null {
  const styles = useStyles2(cardStyles);
  if (facts.length === 0) return null;
  return (
    <ul className={styles.facts}>
      {facts.map(({ key, text, tone }) => (
        <li key={key} data-tone={tone}>
          {text}
        </li>
      ))}
    </ul>
  );
}
