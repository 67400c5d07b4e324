import { type Clock, sleep } from '../domain/clock.ts';
import type { Chain, Inspection, Sighting } from './chain/sighting.ts';
import type { DrillEvent, Told } from './timeline.ts';
import type { Track } from './track.ts';

const LOOK_EVERY_MS = 2000;
/** A person who waits wants a sign of life, and not more than that. */
const SIGN_OF_LIFE_EVERY_MS = 60_000;

export interface WatchOptions {
  readonly chain: Chain;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (event: Told) => void;
  /** What is known not to answer from the start is not complained of again. */
  readonly inspection: Inspection;
}

export interface Goal {
  /** At most, from the last `begin` on. */
  readonly withinSeconds: number;
  readonly tracks: readonly Track[];
  readonly isDone: (track: Track) => boolean;
  /** Takes a sighting over into a track; gives what is new. */
  readonly follow: (track: Track, sighting: Sighting, since: number) => readonly DrillEvent[];
}

/** Looks at the chain until something has happened, and tells what it sees. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #complained = new Set<string>();
  /** Monotonic ms. */
  #beganAt: number;
  #toldAt: number;
  #deadline = Infinity;
  #goal: 'come' | 'end' = 'come';

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#beganAt = options.clock.monotonic();
    this.#toldAt = this.#beganAt;
  }

  /** Seconds count from here; alerts are expected to come, or to end. */
  begin(goal: 'come' | 'end'): void {
    this.#goal = goal;
    this.#beganAt = this.#options.clock.monotonic();
  }

  /** Nothing is waited for beyond so many seconds from now. */
  cap(seconds: number): void {
    this.#deadline = this.#options.clock.monotonic() + seconds * 1000;
  }

  /** Seconds since the last `begin`. */
  get since(): number {
    return (this.#options.clock.monotonic() - this.#beganAt) / 1000;
  }

  tell(event: DrillEvent): void {
    this.#toldAt = this.#options.clock.monotonic();
    this.#options.tell({ ...event, at: this.#options.clock.now() });
  }

  /** Looks again and again until all are done, or the time is up. Rejects with the signal's reason. */
  async until({ withinSeconds, tracks, isDone, follow }: Goal): Promise<void> {
    const { chain, clock, signal } = this.#options;
    const deadline = Math.min(this.#beganAt + withinSeconds * 1000, this.#deadline);
    for (;;) {
      const sighting = await chain.look();
      signal.throwIfAborted();
      this.#complain(sighting);
      for (const event of tracks.flatMap((track) => follow(track, sighting, this.since))) this.tell(event);
      const open = tracks.filter((track) => !isDone(track));
      if (open.length === 0 || clock.monotonic() >= deadline) return;
      this.#signOfLife(open, deadline);
      await sleep(clock, LOOK_EVERY_MS, signal);
    }
  }

  /** Lets time pass. Rejects with the signal's reason. */
  async pause(seconds: number, forAlerts: readonly string[] = []): Promise<void> {
    const { clock, signal } = this.#options;
    const until = Math.min(clock.monotonic() + seconds * 1000, this.#deadline);
    for (let left = until - clock.monotonic(); left > 0; left = until - clock.monotonic()) {
      await sleep(clock, Math.min(left, SIGN_OF_LIFE_EVERY_MS), signal);
      if (until > clock.monotonic()) this.#waiting(forAlerts, until);
    }
  }

  #signOfLife(open: readonly Track[], deadline: number): void {
    if (this.#options.clock.monotonic() - this.#toldAt < SIGN_OF_LIFE_EVERY_MS) return;
    this.#waiting(
      open.map(({ planned }) => planned.alert),
      deadline,
    );
  }

  #waiting(forAlerts: readonly string[], deadline: number): void {
    const atMostSeconds = (deadline - this.#options.clock.monotonic()) / 1000;
    this.tell({ kind: 'waiting', since: this.since, forAlerts, goal: this.#goal, atMostSeconds });
  }

  /** Once per server: a Prometheus that restarts comes back. */
  #complain({ prometheus, alertmanager }: Sighting): void {
    const { inspection } = this.#options;
    const wasSilent = { prometheus: !inspection.prometheus.ok, alertmanager: !inspection.alertmanager.ok };
    for (const [name, answer] of Object.entries({ prometheus, alertmanager })) {
      if (answer.ok || wasSilent[name as keyof Sighting] || this.#complained.has(name)) continue;
      this.#complained.add(name);
      this.tell({ kind: 'note', text: `${answer.reason}; trying on` });
    }
  }
}
