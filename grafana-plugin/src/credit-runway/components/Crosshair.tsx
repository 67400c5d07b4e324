import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { textWidth } from '../chart/labels.ts';
import type { Layout } from '../chart/layout.ts';
import type { Stop } from '../chart/stops.ts';
import { chartStyles } from './chart-styles.ts';

const AWAY_PX = 10;
const PADDING_PX = 18;

interface Props {
  readonly layout: Layout;
  readonly stop: Stop;
  /** The first is the moment. */
  readonly words: readonly string[];
}

/** Where the reader is, and what the chart says there. It hides nothing that listens: the slider's text says the same. */
export function Crosshair({ layout, stop, words }: Props): ReactElement {
  const styles = useStyles2(chartStyles);
  const { scale, top, bottom, width } = layout;
  const x = scale.x(stop.time);
  const values = stop.kind === 'sample' || stop.high === stop.low ? [topOf(stop)] : [stop.high, stop.low];
  const [when, ...rest] = words;
  const wide = Math.max(...words.map(textWidth)) + PADDING_PX;
  const side =
    x + AWAY_PX + wide < width
      ? { left: x + AWAY_PX }
      : { left: Math.max(0, Math.min(width - wide, x - AWAY_PX - wide)) };
  return (
    <>
      <svg className={styles.svg} width={width} height={layout.height} aria-hidden="true">
        <line className={styles.cursor} x1={x} x2={x} y1={top} y2={bottom} />
        {values.map((value) => (
          <circle key={value} className={styles.dot} r={4} cx={x} cy={scale.y(value)} />
        ))}
      </svg>
      <div className={styles.tooltip} style={{ ...side, top: top + 2 }} aria-hidden="true">
        <span>{when}</span>
        {rest.map((line) => (
          <div key={line}>{line}</div>
        ))}
      </div>
    </>
  );
}

function topOf(stop: Stop): number {
  return stop.kind === 'sample' ? stop.value : stop.high;
}
