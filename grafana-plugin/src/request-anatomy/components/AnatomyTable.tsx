import { css } from '@emotion/css';
import type { Field, GrafanaTheme2, LinkModel } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { type ReactElement, type ReactNode, useRef } from 'react';
import { t } from '../../language/translate.ts';
import type { ModelAnatomy } from '../anatomy/model-anatomy.ts';
import { axisFor } from '../bars/axis.ts';
import type { AnatomyOptions } from '../options.ts';
import type { Outlier } from '../outliers/outliers.ts';
import { ColumnHead } from './ColumnHead.tsx';
import { ModelGroup } from './ModelGroup.tsx';
import { useRowFocus } from './use-row-focus.ts';
import type { View } from './view.ts';

interface Props {
  readonly models: readonly ModelAnatomy[];
  readonly outliers: ReadonlyMap<string, readonly Outlier[]>;
  readonly linksOf: (endpointId: string) => readonly LinkModel<Field>[];
  readonly options: AnatomyOptions;
  readonly view: View;
  /** What is wrong, above the table. */
  readonly notes: readonly string[];
  /** What stands below the table. */
  readonly children: ReactNode;
}

/** All models: bars for the eye, and one table with every number for everybody. */
export function AnatomyTable({
  models,
  outliers,
  linksOf,
  options,
  view,
  notes,
  children,
}: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const table = useRef<HTMLDivElement>(null);
  const rowFocus = useRowFocus(table, models);
  const isShared = options.scale === 'shared';
  const told = models.flatMap((model) => (model.kind === 'told' ? [model] : []));
  const shared = axisFor(
    told.flatMap(({ rows }) => rows),
    options.axis,
    highest(told.map(({ limit }) => limit)),
  );
  return (
    <div className={styles.scroll}>
      {notes.map((note) => (
        <div key={note} role="status" className={styles.note}>
          <Icon name="exclamation-triangle" size="sm" aria-hidden /> {note}
        </div>
      ))}
      <div
        ref={table}
        role="table"
        aria-label={t('anatomy.table', 'Where the seconds of requests went, by model')}
        {...rowFocus}
      >
        <ColumnHead view={view} axis={isShared ? shared : undefined} />
        {models.map((model) => (
          <ModelGroup
            key={model.endpointId}
            model={model}
            axis={isShared || model.kind !== 'told' ? shared : axisFor(model.rows, options.axis, model.limit)}
            hasOwnAxis={!isShared}
            outliers={outliers.get(model.endpointId) ?? []}
            links={linksOf(model.endpointId)}
            view={view}
          />
        ))}
      </div>
      {children}
    </div>
  );
}

function highest(limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

function stylesOf(theme: GrafanaTheme2): Record<'scroll' | 'note', string> {
  return {
    scroll: css({ height: '100%', overflow: 'auto', padding: theme.spacing(0, 1) }),
    note: css({ fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.warning.text }),
  };
}
