import type { Step, Words } from '../grafana/index.ts';
import { VERDICTS } from './verdicts.ts';

/** Ranks of verdicts as words and colours, for panels that draw them. */
export const RANK_WORDS: readonly Words[] = VERDICTS.map(({ rank, short, color }) => ({
  at: rank,
  text: short,
  color,
}));

export const RANK_STEPS: readonly Step[] = VERDICTS.map(({ rank, color }, index) =>
  index === 0 ? { color } : { from: rank, color },
);
