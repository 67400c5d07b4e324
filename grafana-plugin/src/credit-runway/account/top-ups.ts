import type { BalanceLine, Sample } from './balance-line.ts';

/** Money that was paid in. */
export interface TopUp {
  /** End of the step in which it came, Unix milliseconds. */
  readonly time: number;
  readonly amount: number;
  /** Read off the balance alone: what was spent in the same step is not in it. */
  readonly isAtLeast: boolean;
}

/** A rise of less is rounding, or a correction of the bill. */
const SMALLEST_TOP_UP = 0.01;

/**
 * The top-ups in the range. The counter's increase tells of them where it is there, held against the balance; else
 * each rise of the balance is a top-up of at least that much.
 *
 * `increase()` stretches a single step to its window: of a top-up of $50 it makes $66.67 when three of four intervals
 * lie in the window, and shows it in several steps when windows overlap. So an increase counts for no more than the
 * balance rose in its step plus what the steepest fall in the range would have cost meanwhile, for no less than it
 * rose, and not at all where the balance shows that nothing came.
 */
export function topUpsOf(balance: BalanceLine, increases: BalanceLine | undefined): TopUp[] {
  const moves = movesOf(balance.samples);
  if (increases === undefined) return moves.filter(({ by }) => by >= SMALLEST_TOP_UP).map(topUpOfRise);
  const steepest = moves.reduce((steep, { after, until, by }) => Math.max(steep, -by / (until - after)), 0);
  return increases.samples.flatMap((increase) => topUpOfIncrease(increase, moves, steepest));
}

/** Sum of top-ups; undefined without any. */
export function sumOf(
  topUps: readonly TopUp[],
): { readonly amount: number; readonly isAtLeast: boolean } | undefined {
  if (topUps.length === 0) return undefined;
  return {
    amount: topUps.reduce((sum, { amount }) => sum + amount, 0),
    isAtLeast: topUps.some(({ isAtLeast }) => isAtLeast),
  };
}

/** The balance changed `by` that much within (`after`, `until`]. */
interface Move {
  readonly after: number;
  readonly until: number;
  readonly by: number;
}

function movesOf(samples: readonly Sample[]): Move[] {
  return samples.slice(1).map(({ time, value }, index) => {
    const last = samples[index];
    return { after: last?.time ?? time, until: time, by: value - (last?.value ?? value) };
  });
}

function topUpOfRise({ until, by }: Move): TopUp {
  return { time: until, amount: by, isAtLeast: true };
}

/** @param steepest most that was spent per millisecond in a step. */
function topUpOfIncrease({ time, value }: Sample, moves: readonly Move[], steepest: number): TopUp[] {
  if (value < SMALLEST_TOP_UP) return [];
  const move = moveAt(moves, time);
  if (move === undefined) return [{ time, amount: value, isAtLeast: false }];
  const most = move.by + steepest * (move.until - move.after);
  if (move.by <= 0 && value > most) return [];
  return [{ time, amount: Math.max(move.by, Math.min(value, most)), isAtLeast: false }];
}

/** The move whose step holds `time`, by halving: a range may have eleven thousand steps. */
function moveAt(moves: readonly Move[], time: number): Move | undefined {
  let low = 0;
  let high = moves.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moves[middle]?.until ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  const move = moves[low];
  return move !== undefined && move.after < time ? move : undefined;
}
