import { Command, CommanderError, InvalidArgumentError } from 'commander';

export interface CommandOptions {
  readonly host: string;
  readonly port: number;
  readonly scenario: string;
  readonly endpoint?: string | undefined;
  readonly seed: number;
  /** Seconds. */
  readonly indexingLag: number;
  readonly listScenarios?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Where the output of the command line parser goes. */
export interface ParserOutput {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

const HELP_END = `
Examples:
  $ PROGRAM
      a healthy fal on http://127.0.0.1:10465; the first lines of output say how to use it
  $ PROGRAM --scenario demo --indexing-lag 5
      a lively fal: some errors, cold starts, queues; jobs show in the usage reports after five seconds
  $ PROGRAM --scenario queue-stall --endpoint fal-ai/flux/dev
      the queue of one model stands still, the others work
  $ PROGRAM --list-scenarios
      all scenarios with a line about each
  $ PROGRAM --port 0 --json
      a free port; one line of JSON tells which

While it runs, the control API under /_control switches scenarios, changes accounts, and shows what really
happened. Nothing here reaches fal: no key of yours is needed, no money is spent.
`;

/**
 * Reads the arguments.
 *
 * @returns the options, or the exit code when there is nothing left to do (help was asked for, or an argument is
 * wrong and the output says so).
 */
export function parseOptions(
  argv: readonly string[],
  name: string,
  output: ParserOutput,
): CommandOptions | number {
  const command = commandOf(name, output);
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  return command.opts<CommandOptions & Record<string, unknown>>();
}

function commandOf(name: string, output: ParserOutput): Command {
  return new Command(name)
    .description(
      'A local fal.ai: queue, sync, stream, platform, storage and status page, with faults on order.',
    )
    .option(
      '--host <address>',
      'address to listen on; others than the loopback one are open to your network',
      '127.0.0.1',
    )
    .option('--port <number>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 10_465)
    .option('--scenario <name>', 'what fal is like; see --list-scenarios', 'healthy')
    .option('--endpoint <id>', 'the one model that the scenario concerns, for example fal-ai/flux/dev')
    .option('--seed <number>', 'same seed, same requests: same durations and errors', wholeNumber(0), 1)
    .option('--indexing-lag <seconds>', 'delay until a finished job shows in usage and billing', seconds, 30)
    .option('--list-scenarios', 'print all scenarios and end')
    .option('--json', 'output for programs: one line of JSON')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: output.stdout, writeErr: output.stderr })
    .addHelpText('after', HELP_END.replaceAll('PROGRAM', name));
}

function wholeNumber(from: number, to = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`;
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!(value >= from && value <= to)) throw new InvalidArgumentError(`Expected a whole number ${range}.`);
    return value;
  };
}

function seconds(text: string): number {
  const value = /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError('Expected a number of seconds of at least 0.');
  return value;
}
