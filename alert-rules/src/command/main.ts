import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { disk } from './disk.ts';
import { explain, type ExplainOptions } from './explain.ts';
import { generate, type GenerateOptions } from './generate.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';
import { list, type ListOptions } from './list.ts';
import { Unusable } from './overrides.ts';

const ABOUT = `Alert rules for fal.ai: lists and explains them, and writes them with your thresholds
for Prometheus, for Grafana without Alertmanager, and for Prometheus Operator.`;

const MORE = `
Your thresholds stand in one small file that names only what differs (all keys: fal-alerts.example.yml):

  alerts:
    FalErrorRateHigh: { threshold: 3%, for: 10m, min_requests: 50 }
    FalHourlyBudgetExceeded: { threshold: $25 }
  jobs: { app: my-app|worker }
  links: { runbooks: https://wiki.example/fal }

Examples:
  fal-alert-rules list
  fal-alert-rules explain FalErrorRateHigh
  fal-alert-rules generate --overrides fal-alerts.yml --out monitoring
  fal-alert-rules generate --overrides fal-alerts.yml --out monitoring --check    (in CI)

Nothing is written before the whole override file and every file to be replaced have been looked at.

Exit codes: 0 all is well; 1 the override file or the folder cannot be used; 2 wrong command line;
3 generated files differ (only with --check).`;

/** Runs the command line of this process. */
export function runMain(): void {
  // Whoever reads us (head, less) may have read enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  process.exitCode = main(process.argv.slice(2), {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    cwd: process.cwd(),
    files: disk(String(process.pid)),
    packageFolder: fileURLToPath(new URL('../..', import.meta.url)),
  });
}

/** Runs one command line (without the program's name) and returns its exit code. Never throws for bad input. */
export function main(argv: readonly string[], io: CommandIo): ExitCode {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    program.parse([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof Unusable)) throw error;
    io.stderr(`${error.message}\n`);
    return EXIT.unusable;
  }
}

function createProgram(io: CommandIo, done: (code: ExitCode) => void): Command {
  const program = new Command('fal-alert-rules')
    .description(ABOUT)
    .helpCommand(false)
    .showHelpAfterError('(fal-alert-rules --help tells more)')
    .addHelpText('after', MORE)
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .exitOverride();
  withOverrides(program.command('generate').description('write every form of the rules'))
    .option('--out <folder>', 'where to; this package unless given')
    .option('--check', 'write nothing, and fail when something differs')
    .action((options: GenerateOptions) => done(generate(options, io)));
  withOverrides(program.command('list').description('show every alert with the numbers in force'))
    .option('--json', 'for a program to read')
    .action((options: ListOptions) => done(list(options, io)));
  withOverrides(program.command('explain').description('tell all about one alert and what of it may be set'))
    .argument('<name>', 'of the alert')
    .action((name: string, options: ExplainOptions) => done(explain(name, options, io)));
  return program;
}

function withOverrides(command: Command): Command {
  return command.option('--overrides <file>', 'your thresholds; the defaults unless given');
}
