import { modelName } from '../../verdict/model-name.ts';
import type { Needs } from '../layout/columns.ts';
import type { Row } from '../rows/row.ts';
import { type Time, rowSentence, rowSpan, rowWord } from './row-words.ts';

/** Pixels of an average letter of Inter at Grafana's 14 pixels, in the weight of names and in that of texts. */
const NAME_LETTER = 7.5;
const TEXT_LETTER = 6.5;
/** Pixels of icon and gaps beside a state, and of the gap after a name. */
const BESIDE_STATE = 28;
const BESIDE_NAME = 12;

/** About how much room the longest words of the rows take; `scale` is the size of the letters, 1 for Grafana's own. */
export function needsOf(rows: readonly Row[], time: Time, scale: number): Needs {
  // Most rows are in the same state, and words take time to find.
  const states = new Map(rows.map((row) => [stateKey(row), row]));
  const longestOf = (some: Iterable<Row>, words: (row: Row) => string): number =>
    [...some].reduce((length, row) => Math.max(length, words(row).length), 0) * scale;
  const longest = (words: (row: Row) => string): number => longestOf(states.values(), words);
  const state = (letters: number): number => letters * TEXT_LETTER + BESIDE_STATE;
  return {
    name: longestOf(rows, ({ endpointId }) => modelName(endpointId)) * NAME_LETTER + BESIDE_NAME,
    word: state(longest(rowWord)),
    span: state(longest((row) => rowSpan(row, time))),
    sentence: state(longest((row) => rowSentence(row, time))),
  };
}

function stateKey({ state, isFailingUnseen, onAndOff }: Row): string {
  const { verdict, since, isSinceSeen, before } = state;
  return verdict === 'ok'
    ? `ok ${isFailingUnseen} ${onAndOff}`
    : JSON.stringify([verdict, since, isSinceSeen, before, isFailingUnseen, onAndOff]);
}
