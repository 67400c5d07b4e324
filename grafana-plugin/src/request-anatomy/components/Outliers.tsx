import { css } from '@emotion/css';
import { type GrafanaTheme2, dateTimeFormat, textUtil } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Outlier } from '../outliers/outliers.ts';
import type { View } from './view.ts';

interface Props {
  readonly outliers: readonly Outlier[];
  readonly view: View;
}

/** The slowest requests that left a trace, with the way there. */
export function Outliers({ outliers, view }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  return (
    <div role="row" data-row tabIndex={-1} className={styles.row}>
      <div role="cell" aria-colspan={7} className={styles.list}>
        <span>{t('anatomy.outliers.title', 'Slowest with a trace:')}</span>
        {outliers.map((outlier) => (
          <OutlierItem key={`${outlier.time}/${outlier.traceId ?? ''}`} outlier={outlier} view={view} />
        ))}
      </div>
    </div>
  );
}

function OutlierItem({ outlier, view }: { readonly outlier: Outlier; readonly view: View }): ReactElement {
  const { time, seconds, traceId } = outlier;
  const link = outlier.links()[0];
  const full = dateTimeFormat(time, { timeZone: view.timeZone });
  const text = `${view.writing.one(seconds)} · ${dateTimeFormat(time, { timeZone: view.timeZone, format: 'HH:mm:ss' })}`;
  if (link === undefined) return <span title={[full, traceId].join(' ').trim()}>{text}</span>;
  return (
    <a
      href={textUtil.sanitizeUrl(link.href)}
      target={link.target}
      onClick={link.onClick}
      title={`${link.title} · ${full}`}
    >
      {text} <Icon name="external-link-alt" size="xs" aria-hidden />
    </a>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'row' | 'list', string> {
  return {
    row: css({
      margin: theme.spacing(0, -0.5),
      padding: theme.spacing(0, 0.5),
      borderRadius: theme.shape.radius.default,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
    }),
    list: css({
      display: 'flex',
      flexWrap: 'wrap',
      columnGap: theme.spacing(2),
      fontSize: theme.typography.bodySmall.fontSize,
      color: theme.colors.text.secondary,
      '& a': { color: theme.colors.text.link, whiteSpace: 'nowrap' },
    }),
  };
}
