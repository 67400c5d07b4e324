import { css } from '@emotion/css';
import { type Field, type GrafanaTheme2, type LinkModel, textUtil } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import { modelName } from '../../verdict/model-name.ts';
import type { ModelAnatomy, ToldAnatomy } from '../anatomy/model-anatomy.ts';
import { headlineOf } from '../anatomy/ranking.ts';
import { standingOf, standingText } from '../words/limit-words.ts';
import type { View } from './view.ts';

interface Props {
  readonly model: ModelAnatomy;
  readonly link: LinkModel<Field> | undefined;
  readonly view: View;
}

/** Which model, how many requests, and how it stands to its limit. */
export function ModelHead({ model, link, view }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const name = modelName(model.endpointId);
  return (
    <div role="row" data-row tabIndex={-1} className={styles.head}>
      <div role="rowheader" className={styles.name} title={model.endpointId}>
        {link === undefined ? (
          name
        ) : (
          <a
            className="external-link"
            href={textUtil.sanitizeUrl(link.href)}
            target={link.target}
            onClick={link.onClick}
            title={link.title}
          >
            {name}
          </a>
        )}
      </div>
      {model.kind === 'told' && (
        <div role="cell" className={styles.facts}>
          {requestsText(model.requests)}
          <LimitText model={model} view={view} />
        </div>
      )}
    </div>
  );
}

function LimitText({
  model,
  view,
}: {
  readonly model: ToldAnatomy;
  readonly view: View;
}): ReactElement | null {
  const styles = useStyles2(stylesOf);
  const row = headlineOf(model);
  if (row === undefined || model.limit === undefined) return null;
  const text = standingText(row, model.limit, view.writing);
  if (standingOf(row, model.limit) !== 'above') return <> · {text}</>;
  return (
    <>
      {' · '}
      <span className={styles.above}>
        <Icon name="exclamation-triangle" size="sm" aria-hidden /> {text}
      </span>
    </>
  );
}

function requestsText(requests: number): string {
  const count = Math.max(1, Math.round(requests));
  if (count === 1) return t('anatomy.requests.one', '1 request');
  return t('anatomy.requests.many', '{{number}} requests', { number: count.toLocaleString() });
}

function stylesOf(theme: GrafanaTheme2): Record<'head' | 'name' | 'facts' | 'above', string> {
  return {
    head: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      columnGap: theme.spacing(1),
      margin: theme.spacing(0, -0.5),
      padding: theme.spacing(0, 0.5),
      borderRadius: theme.shape.radius.default,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
    }),
    name: css({
      fontWeight: theme.typography.fontWeightMedium,
      overflowWrap: 'anywhere',
      '& a': { color: theme.colors.text.link },
    }),
    facts: css({ fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.secondary }),
    above: css({ color: theme.colors.error.text }),
  };
}
