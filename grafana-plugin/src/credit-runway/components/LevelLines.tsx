import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import type { Layout } from '../chart/layout.ts';
import { crossingOf } from '../forecast/forecast.ts';
import type { Level } from '../forecast/levels.ts';
import type { Judged } from '../forecast/standing.ts';
import { levelName } from '../words/fact-words.ts';
import type { Speech } from '../words/speech.ts';
import { chartStyles } from './chart-styles.ts';

/** Two names closer than this would cover each other. */
const NAME_PX = 14;

interface Props {
  readonly layout: Layout;
  readonly account: Judged;
  readonly speech: Speech;
}

/** The thresholds, and on each of them the time in which the forecast crosses it. */
export function LevelLines({ layout, account, speech }: Props): ReactElement {
  const styles = useStyles2(chartStyles);
  const { left, right, scale, values } = layout;
  const levels = account.levels.filter(({ value }) => value <= values.to);
  return (
    <g data-part="levels">
      {levels.map((level, index) => {
        const y = scale.y(level.value);
        const above = levels[index - 1];
        const isCrowded = above !== undefined && y - scale.y(above.value) < NAME_PX;
        return (
          <g key={level.kind}>
            <line className={styles.level} data-kind={level.kind} x1={left} x2={right} y1={y} y2={y} />
            {level.kind !== 'empty' && !isCrowded && (
              <text className={styles.text} x={left + 4} y={y - 4}>
                {levelName(level, speech)}
              </text>
            )}
            <CrossingMark {...{ level, layout, account }} />
          </g>
        );
      })}
    </g>
  );
}

function CrossingMark({
  level,
  layout,
  account,
}: Omit<Props, 'speech'> & { readonly level: Level }): ReactElement | null {
  const styles = useStyles2(chartStyles);
  const { forecast } = account.outlook;
  const { ahead, scale } = layout;
  const crossing = forecast === undefined ? undefined : crossingOf(forecast, level.value);
  if (crossing?.earliest === undefined || ahead === undefined || crossing.earliest > ahead) return null;
  const until = Math.min(crossing.latest ?? ahead, ahead);
  const y = scale.y(level.value);
  return (
    <line
      className={styles.crossing}
      data-kind={level.kind}
      {...{ x1: scale.x(crossing.earliest), x2: scale.x(until), y1: y, y2: y }}
    />
  );
}
