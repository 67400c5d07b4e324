import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { TextLink, useStyles2, useTheme2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { dashboardPath } from '../../app/addresses.ts';
import { t } from '../../language/translate.ts';
import { modelName } from '../../verdict/model-name.ts';
import { verdictColor } from '../../verdict/verdict-color.ts';
import type { Account, Model } from '../account.ts';
import { modelWords } from '../model-words.ts';
import { WINDOW } from '../questions.ts';

interface Props {
  readonly account: Account;
  readonly dataSourceUid: string;
}

/** More rows than this are slow to draw and long to read; the worst are on top. */
const MOST_MODELS = 100;

/** The models of an account, the worst first. */
export function ModelTable({ account, dataSourceUid }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const shown = account.models.slice(0, MOST_MODELS);
  const all = account.models.length;
  const label = t('status.models', 'Models of {{name}}', { name: account.name });
  return (
    <>
      {/* A narrow page scrolls the table sideways; the keyboard has to reach it, too. */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('status.column.model', 'Model')}</th>
              <th scope="col">{t('status.column.verdict', 'Whose problem')}</th>
              <th scope="col">{t('status.column.failures', 'Failures, {{window}}', { window: WINDOW })}</th>
              <th scope="col">{t('status.column.p95', 'P95, {{window}}', { window: WINDOW })}</th>
              <th scope="col">{t('status.column.source', 'Requests of')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((model) => (
              <Row
                key={model.endpointId}
                model={model}
                href={dashboardPath('fal-endpoint', {
                  ...{ dataSourceUid, account: account.name, endpointId: model.endpointId },
                })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {all > shown.length && (
        <p className={styles.words}>
          {t('status.more-models', 'The worst {{shown}} of {{all}} models are shown.', {
            shown: shown.length,
            all,
          })}
        </p>
      )}
    </>
  );
}

function Row({ model, href }: { readonly model: Model; readonly href: string }): ReactElement {
  const styles = useStyles2(stylesOf);
  const theme = useTheme2();
  const words = modelWords(model);
  return (
    <tr>
      <th scope="row">
        <TextLink href={href} inline={false} title={model.endpointId}>
          {modelName(model.endpointId)}
        </TextLink>
      </th>
      <td>
        <span
          className={styles.dot}
          style={{ backgroundColor: verdictColor(theme, words.look) }}
          aria-hidden="true"
        />
        {words.verdict}
      </td>
      <td className={words.failing === undefined ? undefined : styles[words.failing]}>{words.errorRatio}</td>
      <td className={words.isSlow ? styles.failing : undefined}>
        {words.isSlow ? t('status.over-limit', '{{p95}}, over its limit', { p95: words.p95 }) : words.p95}
      </td>
      <td>{words.source}</td>
    </tr>
  );
}

function stylesOf(
  theme: GrafanaTheme2,
): Record<'scroll' | 'table' | 'words' | 'dot' | 'failing' | 'severe', string> {
  return {
    scroll: css({ overflowX: 'auto', marginTop: theme.spacing(1) }),
    table: css({
      width: '100%',
      'th, td': {
        padding: theme.spacing(0.5, 2, 0.5, 0),
        textAlign: 'left',
        fontWeight: theme.typography.fontWeightRegular,
        whiteSpace: 'nowrap',
      },
      // A long name breaks before the verdict beside it is pushed out of sight.
      'tbody th': { minWidth: '8em', whiteSpace: 'normal', overflowWrap: 'anywhere' },
      'thead th': { color: theme.colors.text.secondary },
      'tbody tr': { borderTop: `1px solid ${theme.colors.border.weak}` },
    }),
    words: css({ margin: theme.spacing(1, 0, 0), color: theme.colors.text.secondary }),
    dot: css({
      display: 'inline-block',
      width: theme.spacing(1.25),
      height: theme.spacing(1.25),
      marginRight: theme.spacing(1),
      borderRadius: theme.shape.radius.circle,
    }),
    failing: css({ color: theme.colors.warning.text }),
    severe: css({ color: theme.colors.error.text }),
  };
}
