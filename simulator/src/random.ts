/** Numbers at random, repeatable from a seed. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** True with the given probability, 0–1. */
  chance(probability: number): boolean;
  /** Standard normal: mean 0, deviation 1. */
  normal(): number;
}

/**
 * Seeded generator: sfc32 ("small fast counting", 128 bits of state) by Chris Doty-Humphrey, from the PractRand
 * test suite, https://pracrand.sourceforge.net/. Good enough for durations and dice; never for secrets.
 */
export function seededRandom(seed: number): Random {
  const state = Uint32Array.of(seed, Math.floor(seed / 2 ** 32), 0x9e3779b9, 1);
  const step = (): number => {
    const [a = 0, b = 0, c = 0, counter = 0] = state;
    const sum = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  };
  // Neighbouring seeds start out alike; a dozen rounds mix them apart.
  for (let round = 0; round < 15; round += 1) step();
  const next = (): number => step() / 2 ** 32;
  return {
    next,
    integer: (below) => Math.floor(next() * below),
    chance: (probability) => next() < probability,
    // Box–Muller; 1 - next() keeps the logarithm away from zero.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/**
 * A log-normal duration in whole milliseconds: `median · e^(sigma · z)` with z standard normal. Half of the draws
 * lie below the median; with sigma 0.5 about one in twenty is above 2.3 times the median.
 */
export function drawDuration(
  random: Random,
  model: { readonly medianMs: number; readonly sigma: number },
): number {
  const factor = model.sigma === 0 ? 1 : Math.exp(model.sigma * random.normal());
  return Math.max(0, Math.round(model.medianMs * factor));
}

/**
 * A number in [0, 1) that depends on the seed and the text alone: for what must not change however often, or in
 * whatever order, somebody asks. FNV-1a by Fowler, Noll and Vo (http://www.isthe.com/chongo/tech/comp/fnv/) over the
 * text, then the last mixing step of MurmurHash3 by Austin Appleby (https://github.com/aappleby/smhasher), because
 * ids of one second differ in their last digits only.
 */
export function uniformOf(seed: number, text: string): number {
  let hash = mixed(seed ^ 0x811c9dc5);
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return mixed(hash) / 2 ** 32;
}

function mixed(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
}
