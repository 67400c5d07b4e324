import { css, cx } from '@emotion/css';
import type { Field, GrafanaTheme2, LinkModel } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { ModelAnatomy, ToldAnatomy } from '../anatomy/model-anatomy.ts';
import type { Axis } from '../bars/axis.ts';
import type { Outlier } from '../outliers/outliers.ts';
import { sentencesOf } from '../words/claim-words.ts';
import { histogramTroubleText, notesOf } from '../words/coverage-words.ts';
import { AxisTicks } from './AxisTicks.tsx';
import { ModelHead } from './ModelHead.tsx';
import { Outliers } from './Outliers.tsx';
import { StatisticRow } from './StatisticRow.tsx';
import type { View } from './view.ts';

interface Props {
  readonly model: ModelAnatomy;
  /** The axis of all models, or that of this one. */
  readonly axis: Axis;
  readonly hasOwnAxis: boolean;
  readonly outliers: readonly Outlier[];
  readonly links: readonly LinkModel<Field>[];
  readonly view: View;
}

/** All that is told of one model. */
export function ModelGroup(props: Props): ReactElement {
  const { model, links, view } = props;
  const styles = useStyles2(stylesOf);
  return (
    <div role="rowgroup" className={styles.group}>
      <ModelHead model={model} link={links[0]} view={view} />
      {model.kind === 'told' ? <Told {...props} model={model} /> : <Untold model={model} />}
    </div>
  );
}

function Told({
  model,
  axis,
  hasOwnAxis,
  outliers,
  view,
}: Props & { readonly model: ToldAnatomy }): ReactElement {
  const styles = useStyles2(stylesOf);
  const notes = notesOf(model);
  return (
    <>
      <div role="row">
        <div
          role="cell"
          aria-colspan={7}
          className={cx(styles.sentences, view.layout !== 'wide' && styles.small)}
        >
          {sentencesOf(model, view.writing).map((sentence) => (
            <div key={sentence}>{sentence}</div>
          ))}
          {notes.length > 0 && <div className={styles.notes}>{notes.join(' · ')}</div>}
        </div>
      </div>
      {model.rows.map((row) => (
        <StatisticRow key={row.statistic} row={row} axis={axis} limit={model.limit} view={view} />
      ))}
      {hasOwnAxis && view.layout !== 'narrow' && (
        <div aria-hidden className={styles.axis} style={{ gridTemplateColumns: view.columns }}>
          <span />
          <AxisTicks axis={axis} writing={view.writing} />
        </div>
      )}
      {outliers.length > 0 && <Outliers outliers={outliers} view={view} />}
    </>
  );
}

function Untold({ model }: { readonly model: Exclude<ModelAnatomy, ToldAnatomy> }): ReactElement {
  const styles = useStyles2(stylesOf);
  const text =
    model.kind === 'empty'
      ? t('anatomy.model.empty', 'No requests finished in this range.')
      : t('anatomy.model.broken', 'Its durations make no histogram: {{why}}.', {
          why: histogramTroubleText(model.trouble),
        });
  return (
    <div role="row">
      <div role="cell" aria-colspan={7} className={styles.notes}>
        {text}
      </div>
    </div>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'group' | 'sentences' | 'small' | 'notes' | 'axis', string> {
  return {
    group: css({
      // Rows stick out by as much, and what is contained is cut off.
      margin: theme.spacing(0, -0.5),
      padding: theme.spacing(1, 0.5),
      borderTop: `1px solid ${theme.colors.border.weak}`,
      // Dozens of models, of which a few are in sight: the browser need not lay out the others.
      contentVisibility: 'auto',
      containIntrinsicSize: `auto ${theme.spacing(24)}`,
      // The first one comes after the heads of the columns, which have a line of their own.
      '&:nth-of-type(2)': { borderTop: 'none' },
    }),
    sentences: css({ paddingBottom: theme.spacing(0.5), maxWidth: theme.spacing(130) }),
    small: css({ fontSize: theme.typography.bodySmall.fontSize }),
    notes: css({ fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.secondary }),
    axis: css({ display: 'grid', columnGap: theme.spacing(1) }),
  };
}
