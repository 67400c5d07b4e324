import { type Clock, sleep } from '../../domain/clock.ts';
import { messageOf } from '../../domain/message-of.ts';
import { DrillError } from '../drill.ts';
import type { Fault } from '../fault.ts';
import type { RunningDemo } from './running-demo.ts';

/** Between two tries to heal, ms. A simulator that does not answer after all of them is gone, its fault with it. */
const PATIENCE_MS = [500, 1000, 2000] as const;

export interface DemoFaultOptions {
  readonly demo: RunningDemo;
  readonly scenario: string;
  /** What to come back to. */
  readonly before: string;
  readonly clock: Clock;
}

/** A scenario of the simulator behind a demo. */
export function demoFault({ demo, scenario, before, clock }: DemoFaultOptions): Fault {
  return {
    start: async (signal) => {
      signal.throwIfAborted();
      await demo.switchTo(scenario);
    },
    // No signal: who cancels the drill wants it healed all the more.
    heal: async () => {
      for (const pause of PATIENCE_MS) {
        if (await switched(demo, before)) return;
        await sleep(clock, pause);
      }
      try {
        await demo.switchTo(before);
      } catch (error) {
        throw new DrillError(
          `the fault ${scenario} could not be switched off: ${messageOf(error)}. ` +
            'If the exporter still runs, end it with: fal-exporter drill --heal',
          { cause: error },
        );
      }
    },
    close: () => Promise.resolve(),
    trouble: () => undefined,
  };
}

function switched(demo: RunningDemo, scenario: string): Promise<boolean> {
  return demo.switchTo(scenario).then(
    () => true,
    () => false,
  );
}
