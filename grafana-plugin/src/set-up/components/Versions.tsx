import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { config } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Facts } from '../facts.ts';
import { versionsOf } from '../versions.ts';

interface Props {
  readonly facts: Facts;
  readonly pluginVersion: string;
}

/** Which version of each part is at work: the first question of every support case. */
export function Versions({ facts, pluginVersion }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  return (
    <section aria-labelledby="fal-set-up-versions">
      <h2 id="fal-set-up-versions" className={styles.heading}>
        {t('set-up.versions.heading', 'Versions')}
      </h2>
      <dl className={styles.list}>
        {versionsOf(facts, { plugin: pluginVersion, grafana: config.buildInfo.version }).map(
          ({ part, version }) => (
            <div key={part} className={styles.row}>
              <dt className={styles.part}>{part}</dt>
              <dd className={styles.version}>{version}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'heading' | 'list' | 'row' | 'part' | 'version', string> {
  return {
    heading: css({ ...theme.typography.h4, margin: 0 }),
    list: css({
      margin: theme.spacing(1, 0, 0),
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(1, 4),
    }),
    row: css({ minWidth: 0 }),
    part: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular }),
    version: css({ margin: 0, overflowWrap: 'anywhere' }),
  };
}
