import type { Judged } from '../forecast/standing.ts';
import { forecastEnd, valueExtent, type Horizon } from './extent.ts';
import { textWidth } from './labels.ts';
import { linear, type Scale } from './line-path.ts';
import { valueTicks, type Span } from './ticks.ts';

/** Where everything of a chart lies, in pixels from the upper left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly times: Span;
  readonly values: Span;
  readonly scale: Scale;
  readonly yTicks: readonly { readonly value: number; readonly text: string }[];
  /** Until when the forecast is drawn, Unix milliseconds; undefined without one. */
  readonly ahead: number | undefined;
}

/** Room for the words over the chart and the times under it. */
const TOP_PX = 18;
const BOTTOM_PX = 20;
const RIGHT_PX = 6;
const GAP_PX = 8;
const PX_PER_Y_TICK = 36;

interface Wish {
  readonly account: Judged;
  readonly range: Span;
  /** The end of what is known, Unix milliseconds. */
  readonly end: number;
  readonly horizon: Horizon;
  readonly tick: (value: number, step: number) => string;
}

/** The layout of a chart of that size. */
export function layoutOf(
  { width, height }: { readonly width: number; readonly height: number },
  { account, range, end, horizon, tick }: Wish,
): Layout {
  const known = { from: range.from, to: end };
  const ahead = forecastEnd(account.outlook, { range: known, levels: account.levels, horizon });
  const times = { from: range.from, to: Math.max(end, ahead ?? end) };
  const values = valueExtent(account.reading.balance.samples, account.levels);
  const bottom = height - BOTTOM_PX;
  const ticks = valueTicks(values, (bottom - TOP_PX) / PX_PER_Y_TICK);
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  const yTicks = ticks.map((value) => ({ value, text: tick(value, step === 0 ? 1 : step) }));
  const left = yTicks.reduce((widest, { text }) => Math.max(widest, textWidth(text)), 0) + GAP_PX;
  const right = width - RIGHT_PX;
  const scale = { x: linear(times, [left, right]), y: linear(values, [bottom, TOP_PX]) };
  return { width, height, left, right, top: TOP_PX, bottom, times, values, scale, yTicks, ahead };
}
