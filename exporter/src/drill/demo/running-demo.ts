import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { z } from 'zod';
import { messageOf } from '../../domain/message-of.ts';
import { AskedServer, withoutLogin } from '../chain/ask.ts';
import { DrillError } from '../drill.ts';

/** The scenario that a demo runs when nobody breaks it. */
export const DEMO_SCENARIO = 'demo';
const PEACEFUL = [DEMO_SCENARIO, 'healthy'];

export interface DemoAddresses {
  /** Base URL of the exporter. */
  readonly exporter: string;
  /** Base URL of its simulator; the exporter says it unless given. */
  readonly simulator?: string | undefined;
  readonly fetch: Fetch;
}

/** An exporter that shows simulated data, and the simulator behind it. */
export interface RunningDemo {
  /** As its alerts name it; absent when the exporter does not say. */
  readonly account?: string | undefined;
  readonly simulatorUrl: string;
  /** The scenario that is on now. */
  scenario(): Promise<string>;
  switchTo(scenario: string): Promise<void>;
}

const healthAnswer = z.object({
  demo: z.boolean(),
  simulator: z.string().optional(),
  account: z.string().optional(),
});
const scenariosAnswer = z.object({ active: z.string() });

/** Finds the demo. Throws a DrillError when there is none: an exporter with real data is never touched. */
export async function findDemo(addresses: DemoAddresses): Promise<RunningDemo> {
  const { fetch } = addresses;
  const url = withoutLogin(addresses.exporter);
  const health = await healthOf(new AskedServer(addresses.exporter, fetch), url);
  if (!health.demo) {
    throw new DrillError(
      `the exporter at ${url} measures a real fal account, and a drill never touches real data. ` +
        'Make numbers up instead: add --synthetic. Or start a demo beside it: npm start without FAL_KEY.',
    );
  }
  const simulatorUrl = addresses.simulator ?? health.simulator;
  if (simulatorUrl === undefined) {
    throw new DrillError(
      `the exporter at ${url} does not say where its simulator is. ` +
        'It stands in its first lines of output ("fal is the simulator at …"): add --simulator with that address.',
    );
  }
  return { account: health.account, ...controlOf(simulatorUrl, fetch) };
}

async function healthOf(server: AskedServer, url: string): Promise<z.infer<typeof healthAnswer>> {
  try {
    return healthAnswer.parse(await server.json('/health/fal'));
  } catch (error) {
    throw new DrillError(
      `there is no exporter at ${url}: ${oneSentence(error)}. ` +
        'Start the demo with npm start, name another address with --exporter, or make numbers up with --synthetic.',
      { cause: error },
    );
  }
}

/** The control API of fal-simulator. */
function controlOf(simulatorUrl: string, fetch: Fetch): Omit<RunningDemo, 'account'> {
  const url = withoutLogin(simulatorUrl);
  const server = new AskedServer(simulatorUrl, fetch);
  const call = async (path: string, method: 'GET' | 'POST'): Promise<string> => {
    try {
      return scenariosAnswer.parse(await server.json(`/_control${path}`, { method })).active;
    } catch (error) {
      throw new DrillError(`the simulator at ${url} cannot be steered: ${oneSentence(error)}`, {
        cause: error,
      });
    }
  };
  return {
    simulatorUrl: url,
    scenario: () => call('/scenarios', 'GET'),
    switchTo: async (scenario) => {
      const active = await call(`/scenarios/${encodeURIComponent(scenario)}`, 'POST');
      if (active !== scenario)
        throw new DrillError(`the simulator at ${url} was told to run ${scenario} and runs ${active}`);
    },
  };
}

/** The scenario to come back to. Throws a DrillError while somebody else has a fault on. */
export async function peacefulScenario(demo: RunningDemo): Promise<string> {
  const active = await demo.scenario();
  if (PEACEFUL.includes(active)) return active;
  throw new DrillError(
    `the fault ${active} is on already, by another drill or left over from one. ` +
      'End it with: fal-exporter drill --heal',
  );
}

function oneSentence(error: unknown): string {
  if (error instanceof z.ZodError) return 'it answers something else than expected';
  return messageOf(error);
}
