import type { Scene } from './synthetic/scene.ts';

/** Where the fault is: in the simulator of a running demo, or in numbers that the drill makes up and serves. */
export type Way = 'demo' | 'synthetic';

/** An alert that a drill makes fire. Its severity and its times come from the rules. */
export interface Expectation {
  /** Its name in fal-alert-rules. */
  readonly alert: string;
  /** Seconds from the fault until the alert's expression holds, at the latest: windows have to fill first. */
  readonly holdsAfterSeconds: number;
  /** Seconds from the healing until it holds no more, at the latest: windows have to run empty. */
  readonly clearsAfterSeconds: number;
  /** It fires and rings nowhere: Alertmanager holds it back while one of these fires. */
  readonly heldBackBy?: readonly string[] | undefined;
}

interface Expected {
  readonly expects: readonly Expectation[];
  /** Alerts that may come as well, by the noise of the demo or by how long the drill takes. */
  readonly mayAlsoFire: readonly string[];
}

export interface DemoDrill extends Expected {
  /** Of fal-simulator. */
  readonly scenario: string;
}

export interface SyntheticDrill extends Expected {
  readonly fault: Scene;
  /** The same series once all is well again, so that alerts end as they do in earnest. */
  readonly healed: Scene;
}

/** One fault on purpose. */
export interface Drill {
  readonly name: string;
  /** What happens, in one line. */
  readonly about: string;
  readonly demo?: DemoDrill | undefined;
  readonly synthetic?: SyntheticDrill | undefined;
}

interface DrillErrorOptions {
  readonly cause?: unknown;
  /** True when it is the chain from the fault to the phone that is broken, and not the place of the drill. */
  readonly isBrokenChain?: boolean;
}

/** A reason not to begin, or to end early, for the person at the terminal: what, and what to do about it. */
export class DrillError extends Error {
  override readonly name = 'DrillError';
  readonly isBrokenChain: boolean;

  constructor(message: string, { cause, isBrokenChain = false }: DrillErrorOptions = {}) {
    super(message, { cause });
    this.isBrokenChain = isBrokenChain;
  }
}
