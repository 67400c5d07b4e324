import { createSimulator, defaultWorld, FAKE_ADMIN_KEY, FAKE_API_KEY, type Simulator } from 'fal-simulator';
import { startMeasuredApp, type MeasuredApp } from '../app/measured-app.ts';
import { startStack, type Stack } from './stack.ts';

/** The models of the story, quick enough that a minute holds hundreds of requests. */
export const MODELS = ['fal-ai/flux/schnell', 'fal-ai/fast-sdxl', 'fal-ai/flux/dev'] as const;

/** Divides every duration of rules and routes: five minutes are fifteen seconds. */
export const SPEED_UP = 20;

/** An app and an exporter that use one simulated account, watched by the whole stack. */
export interface Plant {
  readonly simulator: Simulator;
  readonly app: MeasuredApp;
  readonly stack: Stack;
  /** Starts the exporter of the stack again on its old address, after it was stopped. */
  readonly exporterOptions: { readonly config: string; readonly env: Readonly<Record<string, string>> };
  stop(): Promise<void>;
}

const CONFIG = `
probes:
${MODELS.map(
  (id, index) =>
    `  - { name: probe-${index}, tier: inference, endpoint_id: ${id}, interval: 10s, timeout: 8s, input: { prompt: a lighthouse } }`,
).join('\n')}
  - { name: hosts, tier: free, interval: 10s, timeout: 5s }
endpoints:
${MODELS.map((id) => `  - { id: ${id}, latency_limit: 3s }`).join('\n')}
budget: { per_hour_usd: 50, per_day_usd: 50, per_month_usd: 50 }
collectors: { interval: 10s }
`;

function quickWorld(): ReturnType<typeof defaultWorld> {
  const world = defaultWorld();
  for (const id of MODELS) {
    const endpoint = world.endpoints.get(id);
    if (endpoint === undefined) throw new Error(`the default world has no ${id}`);
    Object.assign(endpoint, { foreignQueue: 0, warmRunners: 8, maxRunners: 100, processingLimitMs: 2000 });
    endpoint.inference = { medianMs: 150, sigma: 0.2 };
  }
  for (const account of world.accounts.values()) {
    account.concurrencyLimit = 300;
    account.balanceNano = 10_000 * 1e9;
  }
  return world;
}

/** Starts simulator, app and stack; each request of the app is one of three a second to each model. */
export async function startPlant(): Promise<Plant> {
  const simulator = createSimulator({ seed: 7, world: quickWorld() });
  const server = await simulator.listen();
  const app = await startMeasuredApp({
    simulatorUrl: server.url,
    falKey: FAKE_API_KEY,
    perSecond: 3,
    endpointIds: MODELS,
  });
  const env = { FAL_SIMULATOR_URL: server.url, FAL_KEY: FAKE_API_KEY, FAL_ADMIN_KEY: FAKE_ADMIN_KEY };
  const exporterOptions = { config: CONFIG, env };
  const release = async (): Promise<void> => {
    app.stop();
    await server.close();
    simulator.close();
  };
  try {
    const stack = await startStack({ speedUp: SPEED_UP, apps: [app.target], exporter: exporterOptions });
    const stop = async (): Promise<void> => {
      await stack.stop();
      await release();
    };
    return { simulator, app, stack, exporterOptions, stop };
  } catch (error) {
    await release();
    throw error;
  }
}
