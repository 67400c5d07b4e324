import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import type { Axis } from '../bars/axis.ts';
import type { Writing } from '../words/seconds-text.ts';

interface Props {
  readonly axis: Axis;
  readonly writing: Writing;
}

/** Share of the width that a tick's text takes, so that the last one does not stick out. */
const TEXT_SHARE = 0.94;

/** The numbers below the bars. */
export function AxisTicks({ axis, writing }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  return (
    <div className={styles.axis} aria-hidden>
      {axis.ticks.map((tick) => {
        const share = axis.position(tick);
        const shift = share === 0 ? '0' : share > TEXT_SHARE ? '-100%' : '-50%';
        return (
          <span
            key={tick}
            className={styles.tick}
            style={{ left: `${share * 100}%`, transform: `translateX(${shift})` }}
          >
            {writing.one(tick)}
          </span>
        );
      })}
    </div>
  );
}

function stylesOf(theme: GrafanaTheme2): Record<'axis' | 'tick', string> {
  return {
    axis: css({ position: 'relative', height: theme.spacing(2), overflow: 'hidden' }),
    tick: css({
      position: 'absolute',
      whiteSpace: 'nowrap',
      fontSize: theme.typography.bodySmall.fontSize,
      lineHeight: theme.spacing(2),
      color: theme.colors.text.secondary,
    }),
  };
}
