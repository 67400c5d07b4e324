import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { useMemo, type ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Message } from '../../message/trouble-words.ts';
import type { AccountReading } from '../account/account-reading.ts';
import { gridFor } from '../chart/room.ts';
import { judge } from '../forecast/judge.ts';
import { panelThresholds } from '../forecast/levels.ts';
import type { RunwayOptions } from '../options.ts';
import { AccountCard } from './AccountCard.tsx';

/** More charts than this nobody compares; the worst come first. */
const MOST_ACCOUNTS = 20;

interface Props extends PanelProps<RunwayOptions> {
  readonly readings: readonly AccountReading[];
  readonly end: number;
  readonly notes: readonly Message[];
}

/** Small multiples of the accounts, the worst first, below what is wrong with the queries. */
export function Accounts({ readings, end, notes, ...panel }: Props): ReactElement {
  const { options, width, height, fieldConfig, data, timeRange, timeZone } = panel;
  const styles = useStyles2(stylesOf);
  const accounts = useMemo(() => {
    const steps = fieldConfig.defaults.thresholds?.steps ?? [];
    const own = options.thresholdSource === 'panel' ? panelThresholds(steps) : undefined;
    return judge(readings, { choice: options.thresholds, own, end });
  }, [readings, options.thresholds, options.thresholdSource, fieldConfig, end]);
  const shown = accounts.slice(0, MOST_ACCOUNTS);
  const { columns, cardWidth, cardHeight, least } = gridFor(shown.length, { width, height });
  return (
    <div className={styles.panel}>
      <Notes notes={notes} />
      <div
        className={styles.grid}
        style={{
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          gridAutoRows: `minmax(${least === undefined ? 'min-content' : `${least}px`}, 1fr)`,
        }}
      >
        {shown.map((account) => (
          <AccountCard
            key={account.reading.name}
            account={account}
            frames={data.series}
            range={{ from: timeRange.from.valueOf(), to: timeRange.to.valueOf() }}
            {...{ options, timeZone, end, cardWidth, cardHeight }}
          />
        ))}
      </div>
      {accounts.length > shown.length && (
        <div className={styles.note}>
          {t(
            'runway.more',
            '{{shown}} of {{all}} accounts, the worst first. Choose others with the variable “account”.',
            {
              shown: shown.length,
              all: accounts.length,
            },
          )}
        </div>
      )}
    </div>
  );
}

function Notes({ notes }: Pick<Props, 'notes'>): ReactElement {
  const styles = useStyles2(stylesOf);
  return (
    <>
      {notes.map(({ title, advice }) => (
        <div key={title} role="status" className={styles.note}>
          <Icon name="exclamation-triangle" size="sm" /> <strong>{title}.</strong> {advice}
        </div>
      ))}
    </>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'panel' | 'note' | 'grid', string> {
  return {
    panel: css({
      height: '100%',
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1),
      overflow: 'hidden',
    }),
    note: css({
      flex: 'none',
      fontSize: theme.typography.bodySmall.fontSize,
      color: theme.colors.text.secondary,
    }),
    grid: css({
      flex: 1,
      minHeight: 0,
      display: 'grid',
      gap: theme.spacing(2),
      overflowY: 'auto',
      overflowX: 'hidden',
    }),
  };
}
