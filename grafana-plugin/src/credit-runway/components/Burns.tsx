import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Burn } from '../account/account-reading.ts';
import { windowWords, type Speech } from '../words/speech.ts';
import { cardStyles } from './card-styles.ts';

interface Props {
  readonly burns: readonly Burn[];
  readonly speech: Speech;
}

/** What is spent per hour, for each window. */
export function Burns({ burns, speech }: Props): ReactElement {
  const styles = useStyles2(cardStyles);
  return (
    <dl className={styles.burns}>
      {burns.length === 0 && (
        <div>
          <dt>{t('runway.burn.label', 'Burn')}</dt>
          <dd>{t('runway.burn.unknown', 'unknown')}</dd>
        </div>
      )}
      {burns.map(({ window, perHour }) => (
        <div key={window}>
          <dt>{t('runway.burn.window', 'Burn, last {{window}}', { window: windowWords(window) })}</dt>
          <dd>
            {speech.money(perHour)}{' '}
            <span className={styles.unit}>{t('runway.burn.per-hour', 'per hour')}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
