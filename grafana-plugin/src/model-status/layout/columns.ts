/** Columns that a person may hide. Name and state are always there. */
export const COLUMN_IDS = ['bars', 'uptime', 'p95', 'errors', 'incident'] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

/** How much the state says: whose it is; and for how long; and the whole sentence. */
export type StateForm = 'word' | 'span' | 'sentence';

export interface Layout {
  readonly columns: readonly ColumnId[];
  readonly stateForm: StateForm;
  /** Pixels. */
  readonly nameWidth: number;
  readonly stateWidth: number;
  readonly barsWidth: number;
  /** Columns that are wanted, but have no room. */
  readonly isCut: boolean;
}

export const WIDTHS: Readonly<Record<Exclude<ColumnId, 'bars'>, number>> = {
  uptime: 104,
  p95: 128,
  errors: 78,
  incident: 226,
};
/** Space left and right of the rows together. */
export const MARGIN = 16;

/** Pixels that the longest name and the longest state of each form take. */
export interface Needs extends Readonly<Record<StateForm, number>> {
  readonly name: number;
}

/** Many names begin alike, so `better` tells more of them apart than `good`. */
const NAME = { min: 60, good: 120, better: 170, max: 320 };
const BARS = { min: 96, good: 240 };
/** A state gets what it needs within these; the sentence of a trouble that began on another day is the longest. */
const STATES: Readonly<Record<StateForm, { readonly min: number; readonly max: number }>> = {
  word: { min: 64, max: 112 },
  span: { min: 64, max: 184 },
  sentence: { min: 64, max: 310 },
};
const STATE_MAX = 390;

interface Wish {
  readonly id: ColumnId | 'span' | 'sentence' | 'name' | 'longer-name';
  readonly width: number;
}

/** What is worth its room, in this order; each takes what it needs beyond what is there already. */
function wishes({ name, word, span, sentence }: Needs): readonly Wish[] {
  return [
    { id: 'bars', width: BARS.min },
    { id: 'name', width: Math.max(0, Math.min(NAME.good, name) - NAME.min) },
    { id: 'span', width: span - word },
    { id: 'errors', width: WIDTHS.errors },
    { id: 'p95', width: WIDTHS.p95 },
    { id: 'uptime', width: WIDTHS.uptime },
    { id: 'sentence', width: sentence - span },
    { id: 'longer-name', width: Math.max(0, Math.min(NAME.better, name) - NAME.good) },
    { id: 'incident', width: WIDTHS.incident },
  ];
}

/**
 * Which columns fit into `width` pixels, and how wide they are. The more important come first, and a less important
 * one never takes the place of one that did not fit.
 */
export function layoutOf(width: number, wanted: readonly ColumnId[], needs: Needs): Layout {
  const room = width - MARGIN;
  const clamped = clamp(needs);
  let used = NAME.min + clamped.word;
  const granted = new Set<Wish['id']>();
  for (const { id, width: needed } of wishes(clamped)) {
    if (isColumn(id) && !wanted.includes(id)) continue;
    if (used + needed > room) break;
    used += needed;
    granted.add(id);
  }
  const columns = COLUMN_IDS.filter((id) => granted.has(id));
  const { nameWidth, barsWidth } = share(Math.max(0, room - used), granted, needs);
  return {
    columns,
    stateForm: granted.has('sentence') ? 'sentence' : granted.has('span') ? 'span' : 'word',
    nameWidth,
    barsWidth,
    stateWidth: Math.max(0, room - nameWidth - barsWidth - widthOf(columns)),
    isCut: wanted.some((id) => !granted.has(id)),
  };
}

/** A longer form never takes less room than a shorter one. */
function clamp(needs: Needs): Needs {
  const within = (form: StateForm): number =>
    Math.min(STATES[form].max, Math.max(STATES[form].min, needs[form]));
  const word = within('word');
  const span = Math.max(word, within('span'));
  return { name: needs.name, word, span, sentence: Math.max(span, within('sentence')) };
}

/** The columns for CSS: name, state, and those of the layout. */
export function templateOf({ columns, nameWidth, stateWidth, barsWidth }: Layout): string {
  const widths = columns.map((id) => (id === 'bars' ? barsWidth : WIDTHS[id]));
  return [nameWidth, stateWidth, ...widths].map((width) => `${width}px`).join(' ');
}

/** Who gets the room that is left: the bars up to a good width, then names and states what they need, then the bars. */
function share(
  left: number,
  granted: ReadonlySet<Wish['id']>,
  needs: Needs,
): { nameWidth: number; barsWidth: number } {
  const upTo = granted.has('longer-name') ? NAME.better : granted.has('name') ? NAME.good : NAME.min;
  const name = Math.max(NAME.min, Math.min(upTo, needs.name));
  const wanting = Math.max(0, Math.min(NAME.max, needs.name) - name);
  if (!granted.has('bars'))
    return { nameWidth: Math.floor(name + Math.min(wanting, left / 2)), barsWidth: 0 };
  const rest = left - Math.min(left, BARS.good - BARS.min);
  const toName = Math.min(rest / 2, wanting);
  const toState = granted.has('sentence')
    ? Math.min((rest - toName) / 2, Math.max(0, Math.min(STATE_MAX, needs.sentence) - STATES.sentence.max))
    : 0;
  return { nameWidth: Math.floor(name + toName), barsWidth: Math.floor(BARS.min + left - toName - toState) };
}

function widthOf(columns: readonly ColumnId[]): number {
  return columns.reduce((sum, id) => sum + (id === 'bars' ? 0 : WIDTHS[id]), 0);
}

function isColumn(id: Wish['id']): id is ColumnId {
  return COLUMN_IDS.some((column) => column === id);
}
