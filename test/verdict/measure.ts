import { judge } from '../../exporter/src/verdict/judge.ts';
import { verdictInputOf } from '../../exporter/src/status/verdict-input.ts';
import type { Verdict, VerdictKind } from '../../exporter/src/verdict/verdict.ts';
import type { Labelled } from './labelled.ts';
import { MODELS, type Stage, ruleGlobals, setStage } from './stage.ts';

/** Whom a verdict is on: an endpoint id, or everything. */
export type Whom = string;
export const ALL: Whom = 'overall';

export interface Sample {
  /** Seconds since the fault began; negative before it. */
  readonly seconds: number;
  readonly whom: Whom;
  readonly expected: VerdictKind;
  readonly verdict: Verdict;
}

/** What was judged while a labelled fault came and went. */
export interface Record {
  readonly labelled: Labelled;
  readonly samples: readonly Sample[];
}

const SAMPLE_MS = 5_000;
export const BEFORE_SECONDS = 165;
export const FAULT_SECONDS = 360;
export const AFTER_SECONDS = 390;

/** Plays one labelled scenario from healthy to healthy and samples every verdict. */
export async function play(labelled: Labelled, seed: number): Promise<Record> {
  let stage: Stage | undefined;
  const giveBack = ruleGlobals(() => {
    if (stage === undefined) throw new Error('a timer was set before the clock was there');
    return stage.clock;
  }, seed);
  try {
    stage = setStage({ seed, models: labelled.models });
    return { labelled, samples: await samplesOf(labelled, stage) };
  } finally {
    await stage?.close();
    giveBack();
  }
}

async function samplesOf(labelled: Labelled, stage: Stage): Promise<Sample[]> {
  const samples: Sample[] = [];
  const watch = async (from: number, to: number, isFault: boolean): Promise<void> => {
    for (let seconds = from; seconds < to; seconds += SAMPLE_MS / 1000) {
      await stage.clock.advance(SAMPLE_MS);
      samples.push(...look(labelled, stage, seconds + SAMPLE_MS / 1000, isFault));
    }
  };
  await watch(-BEFORE_SECONDS, 0, false);
  labelled.begin(stage);
  await watch(0, FAULT_SECONDS, true);
  if (labelled.end === undefined) stage.simulator.applyScenario('healthy');
  else labelled.end(stage);
  await watch(FAULT_SECONDS, FAULT_SECONDS + AFTER_SECONDS, false);
  return samples;
}

function look(labelled: Labelled, { board }: Stage, seconds: number, isFault: boolean): Sample[] {
  const { overall, endpoints } = judge(verdictInputOf(board.facts()));
  const expectedOf = (id: string): VerdictKind =>
    isFault ? (labelled.endpoints?.[id] ?? labelled.overall) : 'ok';
  return [
    { seconds, whom: ALL, expected: isFault ? labelled.overall : 'ok', verdict: overall },
    ...endpoints.map((verdict) => ({
      seconds,
      whom: verdict.endpointId,
      expected: expectedOf(verdict.endpointId),
      verdict,
    })),
  ];
}

export function whomOf({ labelled }: Record): readonly Whom[] {
  return [ALL, ...(labelled.models ?? MODELS)];
}
