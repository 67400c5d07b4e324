import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import type { Clock } from '../domain/clock.ts';
import type { Drill, Way } from '../drill/drill.ts';
import type { CommandIo } from './io.ts';

/** The command line as commander gives it; addresses have defaults. */
export interface DrillOptions {
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly heal?: boolean;
  readonly synthetic?: boolean;
  readonly exporter: string;
  readonly simulator?: string;
  readonly listen: string;
  readonly advertise?: string;
  readonly targetFile?: string;
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly minutes?: string;
  readonly json?: boolean;
}

/** What a drill uses of the world. */
export interface DrillWorld {
  readonly clock: Clock;
  readonly fetch: Fetch;
  /** See DrillParts. */
  readonly haste?: number | undefined;
}

/** One drill on one of its ways. */
export interface ChosenDrill {
  readonly drill: Drill;
  readonly way: Way;
  readonly options: DrillOptions;
  readonly world: DrillWorld;
  readonly io: CommandIo;
}
