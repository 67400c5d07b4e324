import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { TextLink, useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { withDataSource } from '../../app/addresses.ts';
import { t } from '../../language/translate.ts';
import type { FiringAlert } from '../alerts.ts';
import { sinceWords } from '../since-words.ts';

interface Props {
  readonly alerts: readonly FiringAlert[];
  /** Unix milliseconds of the evidence. */
  readonly at: number;
  readonly dataSourceUid: string;
}

const MOST_ALERTS = 50;

/** Alerts that fire, the most severe first, each with its ways on. */
export function AlertList({ alerts, at, dataSourceUid }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const shown = alerts.slice(0, MOST_ALERTS);
  return (
    <>
      <ul className={styles.list}>
        {shown.map((alert) => (
          <li key={JSON.stringify([alert.name, alert.account, alert.about])} className={styles.item}>
            <span className={severityStyle(styles, alert.severity)}>{severityWords(alert.severity)}</span>
            <span className={styles.text}>
              <strong>{alert.name}</strong>
              {alert.about !== undefined && ` · ${alert.about}`}
              {alert.summary !== undefined && <> – {alert.summary}</>}
              {alert.since !== undefined && (
                <span className={styles.since}> {sinceWords(alert.since * 1000, at)}</span>
              )}
            </span>
            {alert.runbook !== undefined && (
              <TextLink href={alert.runbook} external>
                {t('status.runbook', 'Runbook of {{name}}', { name: alert.name })}
              </TextLink>
            )}
            {alert.dashboard !== undefined && (
              <TextLink href={withDataSource(alert.dashboard, dataSourceUid)}>
                {t('status.dashboard', 'Dashboard')}
              </TextLink>
            )}
          </li>
        ))}
      </ul>
      {alerts.length > shown.length && (
        <p className={styles.more}>
          {t('status.more-alerts', '{{shown}} of {{all}} alerts are shown.', {
            ...{ shown: shown.length, all: alerts.length },
          })}
        </p>
      )}
    </>
  );
}

function severityWords(severity: string): string {
  switch (severity) {
    case 'critical':
      return t('status.severity.critical', 'Critical');
    case 'warning':
      return t('status.severity.warning', 'Warning');
    case 'info':
      return t('status.severity.info', 'Info');
    default:
      return severity;
  }
}

type Styles = Record<'list' | 'item' | 'text' | 'since' | 'more' | 'critical' | 'warning' | 'other', string>;

function severityStyle(styles: Styles, severity: string): string {
  if (severity === 'critical') return styles.critical;
  return severity === 'warning' ? styles.warning : styles.other;
}

function stylesOf(theme: GrafanaTheme2): Styles {
  const severity = (color: string): string => css({ color, fontWeight: theme.typography.fontWeightMedium });
  return {
    list: css({ listStyle: 'none', margin: 0, padding: 0 }),
    item: css({
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0, 1.5),
      padding: theme.spacing(0.5, 0),
      borderTop: `1px solid ${theme.colors.border.weak}`,
    }),
    text: css({ flex: '1 1 20em', minWidth: 0, overflowWrap: 'anywhere' }),
    since: css({ color: theme.colors.text.secondary }),
    more: css({ margin: theme.spacing(1, 0, 0), color: theme.colors.text.secondary }),
    critical: severity(theme.colors.error.text),
    warning: severity(theme.colors.warning.text),
    other: severity(theme.colors.info.text),
  };
}
