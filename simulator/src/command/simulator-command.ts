import { createSimulator } from '../create-simulator.ts';
import { defaultWorld } from '../default-world.ts';
import { SCENARIO_NAMES } from '../scenarios/catalogue.ts';
import type { Simulator } from '../simulator.ts';
import { type CommandOptions, parseOptions } from './options.ts';
import { CommandProblem, listenProblem, unknownName } from './problem.ts';
import { jsonLine, scenarioList, welcomeJson, welcomeText } from './welcome.ts';

/** What the command needs of its process. */
export interface CommandIo {
  /** Writes text to standard output; lines end in a newline. */
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Ends the command: the server closes at once, open connections included. */
  readonly signal: AbortSignal;
}

/**
 * Runs the command line `fal-simulator` until the signal aborts; `fal-exporter simulate` is the same command under
 * another name. Nothing here touches the process, so the caller decides about signals and about leaving.
 *
 * @param argv the arguments without the program: `['--port', '0']`.
 * @param name how the help text calls the program.
 * @returns the exit code: 0 after help, a list or an orderly end; 1 for a wrong argument, an unknown scenario or
 * endpoint, or a port that cannot be had. In each case one line on stderr says what to do.
 */
export async function runSimulatorCommand(
  argv: readonly string[],
  io: CommandIo,
  name = 'fal-simulator',
): Promise<number> {
  const options = parseOptions(argv, name, io);
  if (typeof options === 'number') return options;
  try {
    if (options.listScenarios === true) io.stdout(scenarioList(options.json === true));
    else await serve(options, io);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandProblem)) throw error;
    io.stderr(options.json === true ? jsonLine({ error: error.message }) : `${name}: ${error.message}\n`);
    return 1;
  }
}

async function serve(options: CommandOptions, io: CommandIo): Promise<void> {
  const simulator = simulatorOf(options);
  try {
    const server = await simulator
      .listen({ host: options.host, port: options.port })
      .catch((error: unknown) => {
        throw listenProblem(error, options.host, options.port);
      });
    io.stdout(options.json === true ? welcomeJson(server.url, options) : welcomeText(server.url, options));
    await aborted(io.signal);
    await server.close();
  } finally {
    simulator.close();
  }
}

function simulatorOf(options: CommandOptions): Simulator {
  const { scenario, endpoint, seed, indexingLag } = options;
  if (!SCENARIO_NAMES.includes(scenario)) {
    throw unknownName('scenario', scenario, SCENARIO_NAMES, '--list-scenarios shows all');
  }
  const world = defaultWorld();
  const endpointIds = [...world.endpoints.keys()];
  if (endpoint !== undefined && !endpointIds.includes(endpoint)) {
    throw unknownName('endpoint', endpoint, endpointIds, `there are ${endpointIds.join(', ')}`);
  }
  const simulator = createSimulator({ world, seed, indexingLagMs: indexingLag * 1000 });
  simulator.applyScenario(scenario, endpoint === undefined ? {} : { endpointId: endpoint });
  return simulator;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
