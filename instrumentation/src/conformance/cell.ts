import type { ErrorType, Outcome } from '../errors/error-type.ts';
import type { ActiveState } from '../request/operation.ts';
import type { Seen } from './caller.ts';
import type { Chain } from './methods.ts';
import { elapsedMs, pass, passUntil } from './passing-time.ts';
import { ROADS, type ObservedStage, type Stage, close, openBare, openObserved } from './stage.ts';
import type { Exchange, Job } from 'fal-simulator';

/** One chain of calls under one fault. */
export interface Cell {
  readonly chain: Chain;
  readonly fault: string;
  /** Breaks the world before the chain begins. */
  readonly arrange: (stage: Stage) => void;
  /** What the telemetry is to make of it, given how it went for the app. */
  readonly expected: (end: ChainEnd) => ExpectedEnd;
  /** The header with the units is missing or no number that anybody believes. */
  readonly hidesUnits?: boolean | undefined;
  /** How long it may take until it counts as hanging, in ms. */
  readonly horizonMs?: number | undefined;
}

/** How a chain went for its app. `pending`: it still waits at the horizon. */
export type ChainEnd = 'resolved' | 'rejected' | 'pending';

/** What is counted of the request; `unknown`: nothing, because nobody can say how it ended. */
export type ExpectedEnd =
  | { readonly counted: 'ok' | 'cancelled' }
  | { readonly counted: Exclude<Outcome, 'ok' | 'cancelled'>; readonly errorType: ErrorType }
  | { readonly hangs: ActiveState }
  | 'unknown';

/** What came of a chain in one world. */
export interface Played {
  readonly end: ChainEnd;
  readonly beganAt: number;
  readonly endedAt: number;
  readonly seen: readonly Seen[];
  readonly exchanges: readonly Exchange[];
  readonly jobs: readonly Job[];
}

/** Longer than all attempts of the client at one exchange. */
const HORIZON_MS = 100_000;
/** Long enough that nobody waits for a job any more that no app has asked about. */
const AFTERWARDS_MS = 75_000;
const LATENCY = { medianMs: 15, sigma: 0 };

/** Plays a cell in a world without telemetry. */
export async function playBare(cell: Cell): Promise<Played> {
  const stage = openBare();
  try {
    const played = await play(stage, cell);
    await wait(played);
    return allOf(stage, played);
  } finally {
    close();
  }
}

/** Plays a cell in the same world with telemetry. `look` is called when the chain has ended, and afterwards. */
export async function playObserved(
  cell: Cell,
  look: {
    readonly atEnd: (stage: ObservedStage, played: Played) => Promise<void>;
    readonly afterwards: (stage: ObservedStage, played: Played) => Promise<void>;
  },
): Promise<void> {
  const stage = await openObserved(roadOf(cell));
  try {
    const played = await play(stage, cell);
    await look.atEnd(stage, allOf(stage, played));
    await wait(played);
    await look.afterwards(stage, allOf(stage, played));
  } finally {
    close();
  }
}

/** Lets what was left behind come to an end. What hangs goes on hanging. */
async function wait({ end }: Pick<Played, 'end'>): Promise<void> {
  if (end !== 'pending') await pass(AFTERWARDS_MS);
}

/** Every cell takes one of the roads, and every road is taken by a third of the cells. */
function roadOf({ chain, fault }: Cell): (typeof ROADS)[number] {
  const text = `${chain.name}${fault}`;
  const sum = [...text].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return ROADS[sum % ROADS.length] ?? 'createFalClient';
}

async function play(stage: Stage, cell: Cell): Promise<Pick<Played, 'end' | 'beganAt' | 'endedAt'>> {
  stage.simulator.engine.setSwitches({ latency: LATENCY, disconnectsAreBilled: true });
  cell.arrange(stage);
  const beganAt = elapsedMs();
  let end: ChainEnd = 'pending';
  const playing = cell.chain.play(stage).then(
    () => (end = 'resolved'),
    () => (end = 'rejected'),
  );
  await passUntil(playing, cell.horizonMs ?? HORIZON_MS);
  return { end, beganAt, endedAt: elapsedMs() };
}

function allOf({ caller, simulator }: Stage, played: Pick<Played, 'end' | 'beganAt' | 'endedAt'>): Played {
  const { exchanges, jobs } = simulator.ledger;
  return {
    ...played,
    seen: [...caller.seen],
    exchanges: [...exchanges],
    jobs: structuredClone(jobs),
  };
}
