/** What a card has room for. */
export interface Room {
  /** Balance and outlook alone, in small letters. */
  readonly isCompact: boolean;
  readonly hasFacts: boolean;
  readonly hasChart: boolean;
}

/** Narrower than this, a chart is a smudge. */
const CHART_WIDTH = 280;
const CHART_HEIGHT = 190;
/** Lower than this, facts would take the room of the chart, which shows most of them. */
const FACTS_HEIGHT = 270;
const BANNER_HEIGHT = 60;

/** Sizes of a card in pixels. */
export function roomIn({
  width,
  height,
  isLocked,
}: {
  readonly width: number;
  readonly height: number;
  readonly isLocked: boolean;
}): Room {
  const free = height - (isLocked ? BANNER_HEIGHT : 0);
  const isCompact = width < CHART_WIDTH;
  const hasChart = !isCompact && free >= CHART_HEIGHT;
  return { isCompact, hasChart, hasFacts: !isCompact && (!hasChart || free >= FACTS_HEIGHT) };
}

export interface Grid {
  readonly columns: number;
  readonly cardWidth: number;
  readonly cardHeight: number;
  /** No card is lower; undefined where its words alone decide. */
  readonly least: number | undefined;
}

const CARD_WIDTH = 420;
const CARD_HEIGHT = 290;
const COMPACT_HEIGHT = 90;
const GAP = 16;

/** How many cards stand side by side, and how large they are; what does not fit is scrolled to. */
export function gridFor(
  count: number,
  { width, height }: { readonly width: number; readonly height: number },
): Grid {
  const columns = Math.max(1, Math.min(count, Math.floor((width + GAP) / (CARD_WIDTH + GAP))));
  const cardWidth = (width - GAP * (columns - 1)) / columns;
  if (count <= 1) return { columns, cardWidth, cardHeight: height, least: undefined };
  if (cardWidth < CHART_WIDTH) return { columns, cardWidth, cardHeight: COMPACT_HEIGHT, least: undefined };
  const rows = Math.ceil(count / columns);
  const cardHeight = Math.max(CARD_HEIGHT, (height - GAP * (rows - 1)) / rows);
  return { columns, cardWidth, cardHeight, least: CARD_HEIGHT };
}
