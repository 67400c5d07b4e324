import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAKE_ADMIN_KEY, FAKE_API_KEY } from 'fal-simulator';
import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../log.ts';
import type { Settings } from './settings.ts';

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
export async function chooseRoad(settings: Settings, clock: Clock, log: Log): Promise<Road> {
  const { config, keys, hasKey } = settings;
  if (config.simulatorUrl !== undefined) return simulatorRoad(settings);
  if (hasKey) {
    return { config, isDemo: false, ...keys, adapt: (next) => next, close: () => Promise.resolve() };
  }
  log.warn('DEMO: no FAL_KEY is set, so a simulated fal is probed; no number is real');
  return demoRoad(settings, clock);
}

function simulatorRoad({ config, keys }: Settings): Road {
  const adapt = (next: Config): Config => ({ ...next, stateDir: join(config.stateDir, 'simulated') });
  return {
    ...{ config: adapt(config), isDemo: true, adapt },
    falKey: () => keys.falKey() ?? FAKE_API_KEY,
    falAdminKey: () => keys.falAdminKey() ?? FAKE_ADMIN_KEY,
    close: () => Promise.resolve(),
  };
}

async function demoRoad(settings: Settings, clock: Clock): Promise<Road> {
  const { demoConfig, startDemo } = await import('../demo.ts');
  const demo = await startDemo(clock);
  const stateDir = settings.isStateDirGiven
    ? join(settings.config.stateDir, 'simulated')
    : mkdtempSync(join(tmpdir(), 'fal-exporter-demo-'));
  const adapt = (next: Config): Config => {
    const probed = settings.configFile === undefined ? demoConfig(next) : next;
    return { ...probed, stateDir, simulatorUrl: demo.url };
  };
  return {
    ...{ config: adapt(settings.config), isDemo: true, adapt },
    falKey: () => demo.falKey,
    falAdminKey: () => demo.falAdminKey,
    async close() {
      await demo.close();
      if (!settings.isStateDirGiven) rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
