import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAKE_ADMIN_KEY, FAKE_API_KEY } from 'fal-simulator';
import type { Config } from '../config/config.ts';
import type { ConfigHolder } from '../config/reload.ts';
import { type Clock, systemClock } from '../domain/clock.ts';
import type { Log } from '../log.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';
import { type Settings, type SettingsOptions, readSettings } from './settings.ts';

/** Where the calls of this process go, with which keys, and where it keeps what it remembers. */
export interface Road {
  readonly config: Config;
  readonly isDemo: boolean;
  readonly falKey: () => string | undefined;
  readonly falAdminKey: () => string | undefined;
  /** The configuration after a reload, on this road. */
  readonly adapt: (config: Config) => Config;
  close(): Promise<void>;
}

/**
 * Three roads: to fal with the user's key; to a simulator that the configuration names; and, without any key,
 * to a simulator in this process. Simulated spending never mixes with the ledger of real money.
 */
async function chooseRoad(settings: Settings, clock: Clock, log: Log): Promise<Road> {
  const { holder, hasKey } = settings;
  if (holder.current.simulatorUrl !== undefined) return simulatorRoad(settings);
  if (hasKey) {
    return { ...{ config: holder.current, isDemo: false, adapt: same, close: nothing }, ...keysOf(holder) };
  }
  log.warn('DEMO: no FAL_KEY is set, so a simulated fal is probed; no number is real');
  return demoRoad(settings, clock);
}

const same = (config: Config): Config => config;
const nothing = (): Promise<void> => Promise.resolve();

/** Asked at every use, so that a rotated key takes effect at once. */
function keysOf(holder: ConfigHolder): Pick<Road, 'falKey' | 'falAdminKey'> {
  return { falKey: () => holder.credentials.falKey, falAdminKey: () => holder.credentials.falAdminKey };
}

function simulatorRoad({ holder }: Settings): Road {
  const { current } = holder;
  const { falKey, falAdminKey } = keysOf(holder);
  const adapt = (next: Config): Config => ({ ...next, stateDir: join(current.stateDir, 'simulated') });
  return {
    ...{ config: adapt(current), isDemo: true, adapt, close: nothing },
    falKey: () => falKey() ?? FAKE_API_KEY,
    falAdminKey: () => falAdminKey() ?? FAKE_ADMIN_KEY,
  };
}

async function demoRoad(settings: Settings, clock: Clock): Promise<Road> {
  const { demoConfig, startDemo } = await import('../demo.ts');
  const demo = await startDemo(clock);
  const stateDir = settings.isStateDirGiven
    ? join(settings.holder.current.stateDir, 'simulated')
    : mkdtempSync(join(tmpdir(), 'fal-exporter-demo-'));
  const adapt = (next: Config): Config => {
    const probed = settings.areProbesGiven ? next : demoConfig(next);
    return { ...probed, stateDir, simulatorUrl: demo.url };
  };
  return {
    ...{ config: adapt(settings.holder.current), isDemo: true, adapt },
    falKey: () => demo.falKey,
    falAdminKey: () => demo.falAdminKey,
    async close() {
      await demo.close();
      if (!settings.isStateDirGiven) rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** Reads the settings, takes the road that they lead to, does the work there and leaves nothing behind. */
export async function onRoad(
  options: SettingsOptions,
  io: CommandIo,
  work: (settings: Settings, road: Road) => Promise<ExitCode>,
): Promise<ExitCode> {
  const answer = await readSettings(options, io);
  if (!answer.ok) {
    io.stderr(answer.text);
    return EXIT.unusable;
  }
  const { settings } = answer;
  const road = await chooseRoad(settings, systemClock, settings.log);
  try {
    return await work(settings, road);
  } finally {
    await road.close();
  }
}
