import type { Step, StepOutcome, StepResult, StepSurroundings } from './step.ts';
import { hasPassed, verdictOf } from './summary.ts';

export interface Surroundings {
  readonly say: (line: string) => void;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

/**
 * Runs the steps in order, those in the background beside the others:
 *
 *   types ──▶ layers ──▶ unit ─────────────▶ stories (needs lint)
 *   lint ···························▶ its output is shown here
 *
 * The first failure ends the run: what runs is told to stop, and nothing starts any more. An exception in a step is
 * its failure. Gives an outcome for each step that started, in the order in which they ended.
 */
export function runSteps(steps: readonly Step[], surroundings: Surroundings): Promise<StepOutcome[]> {
  return new StepsRun(steps, surroundings).toTheEnd();
}

class StepsRun {
  readonly #steps: readonly Step[];
  readonly #surroundings: Surroundings;
  readonly #stop = new AbortController();
  readonly #outcomes: StepOutcome[] = [];
  /** By step: whether it passed, once that is known. */
  readonly #passed: ReadonlyMap<string, PromiseWithResolvers<boolean>>;
  /** What steps in the background wrote and nobody has seen yet. */
  readonly #kept = new Map<Step, string>();

  constructor(steps: readonly Step[], surroundings: Surroundings) {
    this.#steps = steps;
    this.#surroundings = surroundings;
    this.#passed = new Map(steps.map(({ name }) => [name, Promise.withResolvers<boolean>()]));
  }

  async toTheEnd(): Promise<StepOutcome[]> {
    const background = this.#steps.filter((step) => step.background === true);
    const ends = background.map((step) => this.#runInBackground(step));
    for (const step of this.#steps.filter((each) => !background.includes(each))) {
      await this.#waitFor(step.needs ?? [], `before ${step.name}`);
      if (this.#stop.signal.aborted) break;
      await this.#runNow(step);
      this.#showEnded();
    }
    await this.#waitFor(
      background.map(({ name }) => name),
      'at last',
    );
    await Promise.all(ends);
    this.#showEnded();
    return this.#outcomes;
  }

  async #runNow(step: Step): Promise<void> {
    const { say } = this.#surroundings;
    say(this.#headOf(step));
    say(endOf(await this.#run(step, { say, signal: this.#stop.signal })));
  }

  async #runInBackground(step: Step): Promise<void> {
    const needed = await Promise.all((step.needs ?? []).map((name) => this.#hasPassed(name)));
    if (needed.includes(false) || this.#stop.signal.aborted) return;
    const keep = (text: string): void => {
      this.#kept.set(step, `${this.#kept.get(step) ?? ''}${text}`);
    };
    keep('');
    this.#surroundings.say(`\n== ${this.#placeOf(step)} starts in the background`);
    await this.#run(step, { say: (line) => keep(`${line}\n`), keep, signal: this.#stop.signal });
  }

  async #run(step: Step, surroundings: StepSurroundings): Promise<StepOutcome> {
    const { monotonic } = this.#surroundings;
    const started = monotonic();
    const result = await resultOf(step, surroundings);
    const timed = { name: step.name, seconds: (monotonic() - started) / 1000 };
    const isStopped = result.problem !== undefined && this.#stop.signal.aborted;
    const outcome: StepOutcome = isStopped ? { ...timed, isStopped } : { ...result, ...timed };
    this.#outcomes.push(outcome);
    this.#passed.get(step.name)?.resolve(hasPassed(outcome));
    if (!hasPassed(outcome)) this.#end();
    return outcome;
  }

  /** Nothing starts any more, and nobody waits for what will never run. */
  #end(): void {
    this.#stop.abort();
    for (const { resolve } of this.#passed.values()) resolve(false);
  }

  /** Until these steps of the background have passed, or the run has failed. Says so when it takes a while. */
  async #waitFor(names: readonly string[], why: string): Promise<void> {
    const open = names.filter((name) => !this.#outcomes.some((outcome) => outcome.name === name));
    if (open.length > 0 && !this.#stop.signal.aborted) {
      this.#surroundings.say(`\n== waiting for ${open.join(', ')} ${why}`);
    }
    await Promise.all(names.map((name) => this.#hasPassed(name)));
    this.#showEnded();
  }

  /** A step that is not part of this run is taken as passed. */
  #hasPassed(name: string): Promise<boolean> {
    return this.#passed.get(name)?.promise ?? Promise.resolve(true);
  }

  #showEnded(): void {
    const { say } = this.#surroundings;
    for (const [step, text] of this.#kept) {
      const outcome = this.#outcomes.find(({ name }) => name === step.name);
      if (outcome === undefined) continue;
      this.#kept.delete(step);
      say(this.#headOf(step));
      if (text.trim() !== '') say(text.trimEnd());
      say(endOf(outcome));
    }
  }

  #headOf(step: Step): string {
    return `\n== ${this.#placeOf(step)}: ${step.about}`;
  }

  #placeOf(step: Step): string {
    return `${this.#steps.indexOf(step) + 1}/${this.#steps.length} ${step.name}`;
  }
}

async function resultOf(step: Step, surroundings: StepSurroundings): Promise<StepResult> {
  try {
    return await step.run(surroundings);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function endOf(outcome: StepOutcome): string {
  return `== ${outcome.name} ${verdictOf(outcome)} after ${outcome.seconds.toFixed(1)} s`;
}
