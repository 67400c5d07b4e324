import type { Observation } from './observation.ts';

type QueueObservation = Extract<Observation, { kind: 'submitted' | 'queued' | 'running' | 'completed' }>;

interface Sighting {
  readonly state: 'queued' | 'running';
  readonly at: number;
}

/**
 * Sightings kept before older ones melt. Polls overtake each other by one or two, never by sixty, so what
 * melts is no longer needed to put a late arrival in its place.
 */
const KEPT = 64;

/**
 * What was seen of a job's queue states, in the order of their times, whatever order they arrived in. Old
 * sightings between two of the same state melt, so a video job of a thousand polls stays small.
 */
export class QueueHistory {
  readonly #sightings: Sighting[] = [];
  #positionAt = Number.NEGATIVE_INFINITY;
  #position: number | undefined;

  add(observation: QueueObservation): void {
    if (observation.kind === 'completed') return;
    const { at } = observation;
    if (observation.kind === 'running') {
      this.#insert({ state: 'running', at });
      return;
    }
    this.#insert({ state: 'queued', at });
    this.#notePosition(at, observation.queuePosition);
  }

  #notePosition(at: number, position: number | undefined): void {
    if (position === undefined || !Number.isInteger(position) || position < 0 || at < this.#positionAt)
      return;
    this.#positionAt = at;
    this.#position = position;
  }

  #insert(sighting: Sighting): void {
    const index = this.#sightings.findLastIndex((earlier) => earlier.at <= sighting.at);
    this.#sightings.splice(index + 1, 0, sighting);
    if (this.#sightings.length > KEPT) this.#melt();
  }

  #melt(): void {
    const index = this.#sightings.findIndex((sighting, i) => {
      const [before, after] = [this.#sightings[i - 1], this.#sightings[i + 1]];
      return before?.state === sighting.state && after?.state === sighting.state;
    });
    if (index !== -1) this.#sightings.splice(index, 1);
  }

  /** The latest state seen. */
  get current(): 'queued' | 'running' | undefined {
    return this.#sightings.at(-1)?.state;
  }

  /** When the job was first seen running, and when it was last seen queued before that. */
  get firstRunning(): { readonly at: number; readonly notBefore: number | undefined } | undefined {
    const index = this.#sightings.findIndex((sighting) => sighting.state === 'running');
    const first = this.#sightings[index];
    return first && { at: first.at, notBefore: this.#sightings[index - 1]?.at };
  }

  get lastQueuedAt(): number | undefined {
    return this.#sightings.findLast((sighting) => sighting.state === 'queued')?.at;
  }

  /** Times that running was followed by queued. */
  get retries(): number {
    return this.#sightings.filter((sighting, i) => {
      return sighting.state === 'queued' && this.#sightings[i - 1]?.state === 'running';
    }).length;
  }

  /** Last seen place in the queue; absent once the job was seen running after it. */
  get position(): number | undefined {
    const last = this.#sightings.at(-1);
    return last?.state === 'running' && last.at >= this.#positionAt ? undefined : this.#position;
  }
}
