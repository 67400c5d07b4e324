import type { TimeZone } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useMemo, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Grant } from '../account/account-reading.ts';
import type { TopUp } from '../account/top-ups.ts';
import type { Horizon } from '../chart/extent.ts';
import { layoutOf, type Layout } from '../chart/layout.ts';
import { nearestStop, stopAfterKey, stopsOf, type Stop } from '../chart/stops.ts';
import type { Span } from '../chart/ticks.ts';
import type { Judged } from '../forecast/standing.ts';
import type { Speech } from '../words/speech.ts';
import { stopWords } from '../words/stop-words.ts';
import { BalanceLines } from './BalanceLines.tsx';
import { ChartAxes } from './ChartAxes.tsx';
import { chartStyles } from './chart-styles.ts';
import { Crosshair } from './Crosshair.tsx';
import { ForecastBand } from './ForecastBand.tsx';
import { LevelLines } from './LevelLines.tsx';
import { Occasions } from './Occasions.tsx';
import { useSize } from './use-size.ts';

export interface ChartProps {
  readonly account: Judged;
  readonly range: Span;
  readonly end: number;
  readonly horizon: Horizon;
  readonly timeZone: TimeZone;
  readonly speech: Speech;
  readonly topUps: readonly TopUp[];
  readonly grants: readonly Grant[];
  /** Id of the table that tells what the chart shows. */
  readonly describedBy: string;
}

/** Lower than this a chart says nothing. */
const LEAST_HEIGHT = 90;

/** The balance over the range, and the band of what is to come. Pointer and arrow keys read off its values. */
export function BalanceChart(props: ChartProps): ReactElement {
  const { account, range, end, horizon, speech } = props;
  const styles = useStyles2(chartStyles);
  const [ref, size] = useSize();
  const layout = useMemo(
    () =>
      size === undefined ? undefined : layoutOf(size, { account, range, end, horizon, tick: speech.tick }),
    [size, account, range.from, range.to, end, horizon, speech],
  );
  const stops = useMemo(() => stopsIn(account, layout, end), [account, layout, end]);
  const [chosen, choose] = useState<number>();
  const index = chosen === undefined ? undefined : Math.min(chosen, stops.length - 1);
  const atRest = stops.findLastIndex(({ kind }) => kind === 'sample');
  const stop = stops[index ?? atRest];
  return (
    <div
      ref={ref}
      className={styles.box}
      role="slider"
      tabIndex={0}
      aria-label={t('runway.chart.label', 'Balance of {{account}} over time: read off with the arrow keys', {
        account: account.reading.name,
      })}
      aria-describedby={props.describedBy}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, stops.length - 1)}
      aria-valuenow={Math.max(0, index ?? atRest)}
      aria-valuetext={stop === undefined ? undefined : stopWords(stop, props.topUps, speech).join(', ')}
      onPointerMove={(event) => layout !== undefined && choose(stopUnder(event, layout, stops))}
      onPointerLeave={() => choose(undefined)}
      onBlur={() => choose(undefined)}
      onKeyDown={(event) => onKey(event, { index: index ?? atRest, stops, choose })}
    >
      {layout !== undefined && layout.height >= LEAST_HEIGHT && (
        <Drawing {...props} layout={layout} stop={index === undefined ? undefined : stop} />
      )}
    </div>
  );
}

interface DrawingProps extends ChartProps {
  readonly layout: Layout;
  readonly stop: Stop | undefined;
}

function Drawing({ layout, stop, ...props }: DrawingProps): ReactElement {
  const styles = useStyles2(chartStyles);
  const { account, speech } = props;
  const { width, height } = layout;
  return (
    <>
      <svg className={styles.svg} width={width} height={height} aria-hidden="true">
        <ChartAxes layout={layout} timeZone={props.timeZone} speech={speech} />
        <ForecastBand layout={layout} outlook={account.outlook} />
        <BalanceLines layout={layout} runs={account.reading.balance.runs} end={props.end} />
        <LevelLines layout={layout} account={account} speech={speech} />
        <Occasions layout={layout} {...props} />
      </svg>
      {stop !== undefined && (
        <Crosshair layout={layout} stop={stop} words={stopWords(stop, props.topUps, speech)} />
      )}
    </>
  );
}

function stopsIn({ reading, outlook, levels }: Judged, layout: Layout | undefined, end: number): Stop[] {
  const samples = reading.balance.samples.filter(({ time }) => time <= end);
  const { forecast } = outlook;
  const ahead = layout?.ahead;
  return stopsOf(
    samples,
    forecast === undefined || ahead === undefined ? undefined : { forecast, end: ahead, levels },
  );
}

function stopUnder(
  event: PointerEvent<HTMLDivElement>,
  { left, right, times }: Layout,
  stops: readonly Stop[],
): number | undefined {
  const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
  const index = nearestStop(stops, times.from + ((x - left) / (right - left)) * (times.to - times.from));
  return index === -1 ? undefined : index;
}

interface Reader {
  readonly index: number;
  readonly stops: readonly Stop[];
  readonly choose: (index: number | undefined) => void;
}

function onKey(event: KeyboardEvent, { index, stops, choose }: Reader): void {
  if (event.key === 'Escape') return choose(undefined);
  const next = stopAfterKey(event.key, index, stops.length);
  if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  // Or the dashboard scrolls, and Grafana takes the keys for its own.
  event.preventDefault();
  event.stopPropagation();
  choose(next);
}
