import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import type { Sample } from '../account/balance-line.ts';
import type { Layout } from '../chart/layout.ts';
import { areaPath, runPath } from '../chart/line-path.ts';
import { chartStyles } from './chart-styles.ts';

interface Props {
  readonly layout: Layout;
  readonly runs: readonly (readonly Sample[])[];
  /** Samples later than this are left out, Unix milliseconds. */
  readonly end: number;
}

/** The balance as it was, broken where it is not known. */
export function BalanceLines({ layout, runs, end }: Props): ReactElement {
  const styles = useStyles2(chartStyles);
  const { scale, times } = layout;
  const shown = runs.map((run) => run.filter(({ time }) => time >= times.from && time <= end));
  const ground = scale.y(0);
  return (
    <g data-part="balance">
      {shown.map((run) => {
        const [first] = run;
        if (first === undefined) return null;
        return (
          <g key={first.time}>
            <path className={styles.area} d={areaPath(run, scale, ground)} />
            <path className={styles.line} d={runPath(run, scale)} />
            {run.length === 1 && (
              <circle className={styles.dot} r={3} cx={scale.x(first.time)} cy={scale.y(first.value)} />
            )}
          </g>
        );
      })}
    </g>
  );
}
