import type { Cause } from '../verdict/verdict.ts';
import { accountHeadline, keyHeadline, lockHeadline } from './headline-account.ts';
import {
  hostHeadline,
  modelsHeadline,
  slowHeadline,
  undecidedHeadline,
  unreachableHeadline,
} from './headline-fal.ts';
import { quietHeadline } from './headline-quiet.ts';
import type { Headline, Judged } from './judged.ts';

const WRITERS: Readonly<Record<Cause, (judged: Judged) => Headline>> = {
  locked: lockHeadline,
  key_rejected: keyHeadline,
  forbidden: (judged) => accountHeadline(judged, 'forbidden'),
  limited: (judged) => accountHeadline(judged, 'limited'),
  input_refused: (judged) => accountHeadline(judged, 'input_refused'),
  unreachable: unreachableHeadline,
  host_down: hostHeadline,
  most_failing: modelsHeadline,
  model_failing: modelsHeadline,
  slow: slowHeadline,
  cannot_tell: undecidedHeadline,
  well: quietHeadline,
  blip: quietHeadline,
  stale: quietHeadline,
  no_data: quietHeadline,
};

/** The one sentence on top, in words for the verdict: it never names another party than the verdict does. */
export function headlineOf(judged: Judged): Headline {
  return WRITERS[judged.verdict.cause](judged);
}
