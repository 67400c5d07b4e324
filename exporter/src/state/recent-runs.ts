import type { ProbeRunFinished, RunError, RunStep } from '../domain/events.ts';
import { runFrom } from './stored-run.ts';
import { type StateDatabase, textIn } from './state-database.ts';

/** Kept per probe, and over all probes (those of removed probes go first). */
const KEPT_PER_PROBE = 50;
const KEPT_RUNS = 2_000;
/** A run's time line has a handful of steps; a longer one keeps its beginning. */
const KEPT_STEPS = 100;
const KEPT_TEXT = 1_000;

/** The last runs of every probe, for the status page after a restart. */
export class RecentRuns {
  readonly #database: StateDatabase;
  readonly #redact: (text: string) => string;

  /** @param redact takes keys out of a text; the second lock behind the one that the probes have. */
  constructor(database: StateDatabase, redact: (text: string) => string) {
    this.#database = database;
    this.#redact = redact;
  }

  add(run: ProbeRunFinished): void {
    const json = JSON.stringify(this.#publicPart(run));
    this.#database.transact(() => {
      this.#database.run('INSERT INTO recent_run (probe, run) VALUES (?, ?)', run.probe, json);
      this.#database.run(
        `DELETE FROM recent_run WHERE probe = ?1 AND id <=
           (SELECT id FROM recent_run WHERE probe = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${KEPT_PER_PROBE})`,
        run.probe,
      );
      this.#database.run(
        `DELETE FROM recent_run WHERE id <=
           (SELECT id FROM recent_run ORDER BY id DESC LIMIT 1 OFFSET ${KEPT_RUNS})`,
      );
    });
  }

  /** Oldest first, at most `limit` per probe. What an older release wrote and this one cannot read is left out. */
  list(limit: number = KEPT_PER_PROBE): ProbeRunFinished[] {
    const rows = this.#database.all(
      `SELECT run FROM (
         SELECT id, run, row_number() OVER (PARTITION BY probe ORDER BY id DESC) AS place FROM recent_run
       ) WHERE place <= ? ORDER BY id`,
      limit,
    );
    return rows.map((row) => runFrom(textIn(row, 'run'))).filter((run) => run !== undefined);
  }

  /** Field by field, so that a field which somebody adds to the event is not on disk before it was thought about. */
  #publicPart(run: ProbeRunFinished): ProbeRunFinished {
    return {
      ...{ kind: run.kind, at: run.at, probe: run.probe, tier: run.tier, endpointId: run.endpointId },
      ...{ outcome: run.outcome, durationSeconds: run.durationSeconds, attempts: run.attempts },
      ...{ queueWait: run.queueWait, inference: run.inference, resultFetch: run.resultFetch },
      ...{ platformRetries: run.platformRetries, lastQueuePosition: run.lastQueuePosition },
      requestId: run.requestId,
      error: run.error && this.#publicError(run.error),
      steps: run.steps.slice(0, KEPT_STEPS).map((step) => this.#publicStep(step)),
    };
  }

  #publicError({ type, fault, text }: RunError): RunError {
    return { type, fault, text: this.#publicText(text) };
  }

  #publicStep({ seconds, text }: RunStep): RunStep {
    return { seconds, text: this.#publicText(text) };
  }

  #publicText(text: string): string {
    return this.#redact(text).slice(0, KEPT_TEXT);
  }
}
