import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { bandCorners, bandEdges, type Corner } from '../chart/extent.ts';
import type { Layout } from '../chart/layout.ts';
import { round } from '../chart/line-path.ts';
import type { Outlook } from '../forecast/outlook.ts';
import { chartStyles } from './chart-styles.ts';

interface Props {
  readonly layout: Layout;
  readonly outlook: Outlook;
}

/** What is left if spending goes on between the rates of the windows. */
export function ForecastBand({ layout, outlook: { forecast } }: Props): ReactElement | null {
  const styles = useStyles2(chartStyles);
  const { scale, ahead } = layout;
  if (forecast === undefined || ahead === undefined) return null;
  const { upper, lower } = bandEdges(forecast, ahead);
  const path = (corners: readonly Corner[]): string =>
    corners.map(([time, value]) => `${round(scale.x(time))},${round(scale.y(value))}`).join('L');
  return (
    <g data-part="forecast">
      <path className={styles.band} d={`M${path(bandCorners(forecast, ahead))}Z`} />
      <path className={styles.edge} d={`M${path(upper)}M${path(lower)}`} />
    </g>
  );
}
