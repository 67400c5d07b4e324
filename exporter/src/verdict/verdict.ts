/** Whose problem it is. The values of the label `verdict`. */
export const VERDICT_KINDS = ['ok', 'app', 'account', 'model', 'platform', 'unknown'] as const;

/**
 * - `ok`: what was asked was answered.
 * - `app`: us. What the probe sends is refused, or the network here is down.
 * - `account`: locked, key rejected, model forbidden, held back by the account's own limits.
 * - `model`: a minority of the models fails or is slow beyond its limit while others answer.
 * - `platform`: most models fail, hosts of fal are down, or fal's own errors are seen on several models.
 * - `unknown`: no data, old data, or data that does not tell the causes apart.
 */
export type VerdictKind = (typeof VERDICT_KINDS)[number];

/** What a verdict rests on, more finely than whose problem it is: what headlines are chosen by. */
export type Cause =
  | 'well'
  /** Well but for single bad runs, which prove nothing. */
  | 'blip'
  | 'no_data'
  | 'stale'
  /** Fails in a way that points nowhere, or without anybody to compare with. */
  | 'cannot_tell'
  | 'locked'
  | 'key_rejected'
  | 'forbidden'
  | 'limited'
  | 'input_refused'
  /** No host of fal can be reached from here. */
  | 'unreachable'
  | 'host_down'
  | 'most_failing'
  | 'model_failing'
  | 'slow';

/** One answer to "my app, my account, this model, or fal?". */
export interface Verdict {
  readonly verdict: VerdictKind;
  readonly cause: Cause;
  /** 0 to 1, on the scale of `CONFIDENCE`. From `CONFIDENT` up it may be acted on unseen. */
  readonly confidence: number;
  /** Sentences for people, the most telling one first. */
  readonly evidence: readonly string[];
  /** Ms since the epoch: when it began, as far as that was seen. */
  readonly since?: number | undefined;
}

export interface EndpointVerdict extends Verdict {
  readonly endpointId: string;
}

/** The verdict on everything that one account uses. */
export interface OverallVerdict extends Verdict {
  /** The models that it is about; absent when it is about no model in particular. */
  readonly endpointIds?: readonly string[] | undefined;
}

export interface Verdicts {
  readonly overall: OverallVerdict;
  /** In the order of the input. */
  readonly endpoints: readonly EndpointVerdict[];
}

/**
 * The scale of confidence. The steps are set by hand: they order what the evidence is worth and are no measured
 * probabilities. How often each verdict is right is measured over labelled scenarios.
 *
 * - 0.95 `PROVEN`: fal said so itself, or several independent witnesses agree.
 * - 0.85 `STRONG`: one explanation fits, and a witness speaks against the others. A status page that tells of an
 *   incident as well lifts a verdict on fal by 0.05.
 * - 0.7 `LIKELY`: one explanation fits best; another is not ruled out.
 * - 0.55 `LEANING`: better than a guess; look at the evidence.
 * - 0.4 `GUESS`: the causes cannot be told apart. `unknown` never exceeds it.
 * - 0 `NOTHING`: nothing is known.
 */
export const CONFIDENCE = {
  PROVEN: 0.95,
  STRONG: 0.85,
  LIKELY: 0.7,
  LEANING: 0.55,
  GUESS: 0.4,
  NOTHING: 0,
} as const;

/** From here up a verdict is confident: it may be acted on without looking at the evidence. */
export const CONFIDENT = 0.8;
