import type { Simulator, VirtualClock } from 'fal-simulator';
import type { PastApp } from './app.ts';
import { DEV, KLING, UPSCALER, endpointOf } from './past-world.ts';

/** What the script of a past may touch. */
export interface Plot {
  readonly simulator: Simulator;
  readonly app: PastApp;
  readonly clock: VirtualClock;
  /** When the past ends, ms since the epoch. */
  readonly end: number;
}

/** Something that happens so many minutes before the past ends, or when it begins if that is later. */
export interface Turn {
  readonly minutesBeforeEnd: number;
  readonly happen: (plot: Plot) => void;
}

/** A past by name: what is different from an ordinary one. */
export interface Script {
  readonly description: string;
  readonly turns?: readonly Turn[];
  /** Alias of the account: `default` needs no label on the app, any other stands on the app's targets as well. */
  readonly account?: string;
  readonly hasTraffic?: boolean;
  readonly hasAdminKey?: boolean;
  /** Balance when the past begins, dollars. */
  readonly firstBalanceUsd?: number;
  /** Days from the end of the past until the first grant of credits expires. */
  readonly grantDays?: number;
}

/** Faults that every day has: too few for any alert. */
export function everydayFaults({ engine }: Simulator): void {
  engine.setSwitches({ latency: { medianMs: 40, sigma: 0.4 } });
  engine.failRate({ errorType: 'internal_server_error', rate: 0.003 });
  engine.failRate({ errorType: 'content_policy_violation', rate: 0.006 });
  engine.failRate({ errorType: 'runner_disconnected', rate: 0.004 });
  engine.failRate({ endpointId: KLING, errorType: 'no_media_generated', rate: 0.02 });
  engine.failRate({ endpointId: UPSCALER, errorType: 'no_media_generated', rate: 0.02 });
}

const USD = 1e9;
const TOP_UP_BELOW_USD = 22;
const TOP_UP_USD = 25;
const LAST_TOP_UP_MINUTES = 75;
const LOOK_EVERY_MS = 60_000;

function topUpTo({ engine, world }: Simulator, usd: number): void {
  for (const { name, balanceNano } of world.accounts.values())
    engine.topUp(name, Math.max(USD, Math.round(usd * USD) - balanceNano));
}

/** Automatic top-ups, until the card expires. */
function keepToppedUp({ simulator, clock, end }: Plot): void {
  const look = (): void => {
    if (clock.now() > end - LAST_TOP_UP_MINUTES * LOOK_EVERY_MS) return;
    for (const { balanceNano } of simulator.world.accounts.values()) {
      if (balanceNano < TOP_UP_BELOW_USD * USD) topUpTo(simulator, balanceNano / USD + TOP_UP_USD);
    }
    clock.after(LOOK_EVERY_MS, look);
  };
  look();
}

function raisePrice({ simulator }: Plot): void {
  const model = endpointOf(simulator.world, DEV);
  model.unitPriceNano = (model.unitPriceNano ?? 0) * 1.5;
}

function loseSome({ simulator: { engine } }: Plot): void {
  engine.failRate({ endpointId: DEV, errorType: 'runner_disconnected', rate: 0.1 });
  engine.breakWire({ endpointId: DEV, fault: 'reset-after', steps: ['submit'], rate: 0.1 });
}

const scenario =
  (name: string, endpointId?: string) =>
  ({ simulator }: Plot): void => {
    simulator.applyScenario(name, endpointId === undefined ? {} : { endpointId });
    everydayFaults(simulator);
  };
const from = (minutesBeforeEnd: number, happen: Turn['happen']): Turn => ({ minutesBeforeEnd, happen });

/** Every past by name. What goes wrong goes wrong until the end. */
export const SCRIPTS = {
  ordinary: { description: 'Everything works; now and then a request fails.' },
  outage: {
    description:
      'fal answers 503 to everything that runs a model, for the last half hour; its status page says so later.',
    turns: [
      from(30, scenario('outage')),
      from(12, ({ simulator }) => simulator.engine.setSwitches({ statusPage: 'incident' })),
    ],
  },
  'sick-model': {
    description: 'Half of the requests to one model fail, some of them billed, for the last 40 minutes.',
    account: 'studio',
    turns: [
      from(40, ({ simulator }) =>
        simulator.engine.failRate({ endpointId: DEV, errorType: 'internal_server_error', rate: 0.5 }),
      ),
      from(40, ({ simulator }) =>
        simulator.engine.failRate({ endpointId: DEV, errorType: 'no_media_generated', rate: 0.15 }),
      ),
    ],
  },
  'queue-stall': {
    description:
      'The queue of one model stands still for the last 25 minutes, and the status page cannot be read.',
    turns: [
      from(25, scenario('queue-stall', DEV)),
      from(25, ({ simulator }) => simulator.engine.setSwitches({ statusPage: 'html-error' })),
    ],
  },
  'stuck-slots': {
    description: 'Videos that were begun in the last 50 minutes never end, and hold their slots.',
    turns: [
      from(50, scenario('stuck-in-progress', KLING)),
      from(50, ({ simulator }) => void (endpointOf(simulator.world, KLING).maxRunners = 40)),
    ],
  },
  locked: {
    description: 'fal refuses the account for want of money although there is some, for the last 25 minutes.',
    turns: [from(25, scenario('locked-with-balance'))],
  },
  'low-credit': {
    description:
      'The balance falls below its warning line in spite of a top-up; a price was raised, grants expire soon.',
    firstBalanceUsd: 40,
    grantDays: 3,
    turns: [
      from(Infinity, keepToppedUp),
      from(LAST_TOP_UP_MINUTES, ({ simulator }) => topUpTo(simulator, 33)),
      from(45, raisePrice),
    ],
  },
  'app-bug': {
    description: 'A release 40 minutes ago sends pictures of the wrong size: 422 for one model.',
    turns: [
      from(40, ({ simulator }) =>
        simulator.engine.failRate({ endpointId: UPSCALER, errorType: 'image_too_small', rate: 0.8 }),
      ),
    ],
  },
  'slow-model': {
    description: 'One model takes five times as long for the last half hour, and loses runners and answers.',
    turns: [from(30, scenario('slow-inference', DEV)), from(30, loseSome)],
  },
  quiet: { description: 'No traffic at all: only the probes of the exporter.', hasTraffic: false },
  'no-admin-key': { description: 'As ordinary, but the exporter may not read money.', hasAdminKey: false },
} satisfies Readonly<Record<string, Script>>;

export type PastName = keyof typeof SCRIPTS;
export const PAST_NAMES = Object.keys(SCRIPTS) as PastName[];
