import type { FalEngine } from '../fal-engine.ts';
import type { Endpoint } from '../world.ts';
import { scenarioNamed } from './catalogue.ts';
import type { Change, Phase } from './scenario.ts';

type Undo = () => void;

/** Switches scenarios on and off. At any time exactly one is on. */
export class Director {
  readonly #engine: FalEngine;
  #name = 'healthy';
  /** Newest last; undone from the end. */
  #undos: Undo[] = [];

  constructor(engine: FalEngine) {
    this.#engine = engine;
  }

  get name(): string {
    return this.#name;
  }

  /**
   * Undoes the scenario that is on, ordered faults included, and switches another one on.
   *
   * @throws RangeError for an unknown scenario or endpoint; nothing is changed then.
   */
  apply(name: string, endpointId?: string): void {
    const scenario = scenarioNamed(name);
    const { world } = this.#engine;
    if (endpointId !== undefined && !world.endpoints.has(endpointId)) {
      const known = [...world.endpoints.keys()].join(', ');
      throw new RangeError(`cannot apply ${name} to ${endpointId}: no such endpoint; known are ${known}`);
    }
    this.#undoAll();
    this.#name = name;
    const firstId = scenario.concernsOneModel === true ? world.endpoints.keys().next().value : undefined;
    const aim = endpointId ?? firstId;
    for (const change of scenario.changes) this.#undos.push(this.#make(change, aim));
    const { programme } = scenario;
    if (programme !== undefined) this.#undos.push(this.#play(programme.phases, programme.roundMs, aim));
    this.#engine.wake();
  }

  #undoAll(): void {
    for (const undo of this.#undos.reverse()) undo();
    this.#undos = [];
    this.#engine.clearFaults();
  }

  /** Plays the phases round after round. */
  #play(phases: readonly Phase[], roundMs: number, aim: string | undefined): Undo {
    const { clock } = this.#engine;
    const stops = new Set<Undo>();
    const startRound = (): void => {
      stops.clear();
      for (const phase of phases) stops.add(this.#schedule(phase, aim));
      stops.add(clock.after(roundMs, startRound));
    };
    startRound();
    return () => {
      for (const stop of stops) stop();
    };
  }

  #schedule(phase: Phase, aim: string | undefined): Undo {
    const { clock } = this.#engine;
    let undos: Undo[] = [];
    const end = (): void => {
      for (const undo of undos.reverse()) undo();
      undos = [];
      this.#engine.wake();
    };
    const begin = (): void => {
      undos = phase.changes.map((change) => this.#make(change, aim));
      this.#engine.wake();
    };
    const timers = [clock.after(phase.fromMs, begin), clock.after(phase.toMs, end)];
    return () => {
      for (const cancel of timers) cancel();
      end();
    };
  }

  #make(change: Change, aim: string | undefined): Undo {
    const { switches, world, failures, wire, clock } = this.#engine;
    switch (change.kind) {
      case 'switches':
        return assign(switches, change.set);
      case 'aim':
        return assign(switches, { [change.at]: aim ?? '*' });
      case 'freeze-analytics':
        return assign(switches, { analyticsFrozenAt: clock.now() });
      case 'account':
        return joined([...world.accounts.values()].map((account) => assign(account, change.set)));
      case 'key': {
        const keys = [...world.keys.values()].filter(({ scope }) => scope === change.scope);
        return joined(keys.map((key) => assign(key, change.set)));
      }
      case 'fail':
        return failures.add({ ...change.rule, endpointId: aim });
      case 'wire':
        return wire.add({ ...change.rule, endpointId: aim });
      default:
        return joined(this.#endpoints(change.nth, aim).map((endpoint) => this.#makeAt(change, endpoint)));
    }
  }

  #makeAt(change: Change & { nth?: number | undefined }, endpoint: Endpoint): Undo {
    if (change.kind === 'endpoint') return assign(endpoint, change.set);
    if (change.kind === 'slow') {
      const { medianMs, sigma } = endpoint.inference;
      return assign(endpoint, { inference: { medianMs: medianMs * change.factor, sigma } });
    }
    if (change.kind === 'price') {
      const { unitPriceNano: price } = endpoint;
      const unitPriceNano = price === undefined ? undefined : Math.round(price * change.factor);
      return assign(endpoint, { unitPriceNano });
    }
    if (change.kind === 'fallback') return assign(endpoint, { fallback: this.#equivalentOf(endpoint)?.id });
    this.#engine.dispatcher.work(endpoint).pool.stopIdle();
    return () => undefined;
  }

  /** The next one of its kind in the order of the world, and round again. */
  #equivalentOf(endpoint: Endpoint): Endpoint | undefined {
    const alike = this.#endpoints(undefined, undefined).filter(({ media }) => media === endpoint.media);
    const next = alike[(alike.indexOf(endpoint) + 1) % alike.length];
    return next === endpoint ? undefined : next;
  }

  #endpoints(nth: number | undefined, aim: string | undefined): Endpoint[] {
    const all = [...this.#engine.world.endpoints.values()];
    if (nth !== undefined) return all.slice(nth, nth + 1);
    return aim === undefined ? all : all.filter(({ id }) => id === aim);
  }
}

/** Sets fields and remembers what they were. */
function assign<T extends object>(target: T, fields: Partial<T>): Undo {
  const names = Object.keys(fields) as (keyof T)[];
  const before = names.map((name) => [name, target[name]] as const);
  Object.assign(target, fields);
  return () => {
    for (const [name, value] of before) target[name] = value;
  };
}

function joined(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos) undo();
  };
}
