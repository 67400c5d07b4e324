import { dateTimeForTimeZone, type TimeZone } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import type { Layout } from '../chart/layout.ts';
import { tickPattern, timeTicks } from '../chart/ticks.ts';
import type { Speech } from '../words/speech.ts';
import { chartStyles } from './chart-styles.ts';

const PX_PER_X_TICK = 80;
/** A label may hang over the edge by that much less than half of its width. */
const EDGE_PX = 24;

interface Props {
  readonly layout: Layout;
  readonly timeZone: TimeZone;
  readonly speech: Speech;
}

/** Lines and words of time and money. */
export function ChartAxes({ layout, timeZone, speech }: Props): ReactElement {
  const styles = useStyles2(chartStyles);
  const { left, right, top, bottom, times, scale, yTicks } = layout;
  const offsetMs = (time: number): number => dateTimeForTimeZone(timeZone, time).utcOffset() * 60_000;
  const xTicks = timeTicks(times, Math.max(1, (right - left) / PX_PER_X_TICK), offsetMs);
  const pattern = tickPattern(xTicks.stepMs, times);
  return (
    <g>
      {yTicks.map(({ value, text }) => (
        <g key={value}>
          <line className={styles.grid} x1={left} x2={right} y1={scale.y(value)} y2={scale.y(value)} />
          <text className={styles.text} x={left - 6} y={scale.y(value)} dy="0.32em" textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {xTicks.times.map((time) => {
        const x = scale.x(time);
        const isMidnight = (time + offsetMs(time)) % 86_400_000 === 0;
        return (
          <g key={time}>
            <line className={styles.grid} x1={x} x2={x} y1={top} y2={bottom} />
            {x - left > EDGE_PX - 14 && right - x > EDGE_PX - 6 && (
              <text className={styles.text} x={x} y={bottom + 15} textAnchor="middle">
                {speech.date(time, isMidnight ? pattern.midnight : pattern.other)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
