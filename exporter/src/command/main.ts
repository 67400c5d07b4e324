import { randomUUID } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import type { CostOptions } from './cost-wish.ts';
import { relaunchWhenCold } from './relaunch.ts';
import type { DrillOptions } from './drill-options.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';

const ABOUT = `Probes fal.ai models, reads the account, and serves what it learned on /metrics,
a status page and /health/fal. Without a key it runs a demo on a simulated fal.`;

const MORE = `
Keys come from the environment or from files, never from the command line:
  FAL_KEY or FAL_KEY_FILE               for probes and prices (scope API)
  FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE   for balance, spend and usage (scope ADMIN)
  FAL_SIMULATOR_URL                     use this fal-simulator instead of fal
  OTEL_EXPORTER_OTLP_ENDPOINT, …        push metrics by OTLP as well

Examples:
  fal-exporter                          the demo, or your account when FAL_KEY is set
  fal-exporter check                    what works, what does not, how to mend it
  fal-exporter probe flux-dev           one run, told as a time line
  fal-exporter simulate --scenario outage
  fal-exporter drill --list             fire drills: does the page arrive?
  fal-exporter cost --by day,endpoint   what fal billed, and for what

Exit codes: 0 all is well; 1 configuration, keys, port or state directory cannot be used;
2 wrong command line; 3 what was asked for failed (a check, a probe run).`;

const DRILL_HELP = `
Without --synthetic it switches a scenario of the demo's simulator on; an exporter with real data is never touched.
With --synthetic it serves numbers of the account fire-drill under the job fal-drill, for an installation of your own.
It heals whatever happens, Ctrl-C included.

Examples:
  fal-exporter drill outage
  fal-exporter drill hang --synthetic --target-file /etc/prometheus/drill/fal.yml

Exit codes: 0 everything expected fired, arrived and ended; 1 nothing could be broken, or not healed;
2 wrong command line; 3 something did not arrive, or could not be proven: it says which link is broken.`;

const COST_HELP = `
Reads fal's own usage (and, for --by source, its billing events) with FAL_ADMIN_KEY. Amounts are what was billed,
after discounts; nothing is estimated.

Examples:
  fal-exporter cost --by day
  fal-exporter cost --since 30d --by endpoint,key --csv > bill.csv
  fal-exporter cost --by source         what the probes of this exporter cost
  fal-exporter cost --since 2026-11-01 --until 2026-12-01 --endpoint fal-ai/flux/dev

Exit codes: 0 told; 1 no ADMIN key that fal takes, or the configuration or the state directory cannot be used;
2 wrong command line; 3 fal did not tell, or it was interrupted.`;

/** The process that a command runs in, as `CommandIo`. */
export async function runMain(): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    // The second Ctrl-C of somebody in a hurry.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  // Whoever reads us (head, less) may have read enough; that is a reason to stop, and none to crash.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop.abort();
  });
  process.exitCode = await main(process.argv.slice(2), {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    signal: stop.signal,
    onReload: (callback) => void process.on('SIGHUP', callback),
    onDefect: (callback) => void process.on('uncaughtException', callback).on('unhandledRejection', callback),
    randomUuid: randomUUID,
    relaunchWhenCold,
  });
  // Whatever still waits (a socket of a caller that hangs) must not keep a command that is over.
  process.exit();
}

/** Runs one command line (without the program's name) and returns its exit code. Never rejects for bad input. */
export async function main(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
}

interface SharedOptions {
  readonly config?: string;
  readonly stateDir?: string;
}

function createProgram(io: CommandIo, done: (code: ExitCode) => void): Command {
  const program = new Command('fal-exporter')
    .description(ABOUT)
    .version(version)
    .helpCommand(false)
    .showHelpAfterError('(fal-exporter --help tells more)')
    .addHelpText('after', MORE)
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .exitOverride();
  shared(
    program.command('serve', { isDefault: true }).description('probe and serve until stopped (the default)'),
  )
    .option('--listen <host:port>', 'where to serve; 0 takes any free port')
    .action(async (options: SharedOptions & { listen?: string }) => {
      const [{ serve }] = await Promise.all([import('./serve.ts'), import('../demo.ts')]);
      io.relaunchWhenCold();
      done(await serve(options, io));
    });
  shared(
    program.command('check').description('say what works, what does not, and how to mend it; costs nothing'),
  )
    .option('--json', 'for a program to read')
    .action(async (options: SharedOptions & { json?: boolean }) => {
      const { check } = await import('./check.ts');
      done(await check(options, io));
    });
  shared(
    program
      .command('probe')
      .argument('<name>', 'of a configured probe')
      .description('run one probe now and tell it as a time line'),
  )
    .option('--json', 'for a program to read')
    .action(async (name: string, options: SharedOptions & { json?: boolean }) => {
      const { probe } = await import('./probe.ts');
      done(await probe(name, options, io));
    });
  addCost(program, io, done);
  addDrill(program, io, done);
  addSimulate(program, io, done);
  return program;
}

function shared(command: Command): Command {
  return command
    .option('--config <file>', 'configuration; fal-exporter.yml in this folder when it is there')
    .option('--state-dir <folder>', 'where spend, requests in flight and recent runs are kept');
}

function addCost(program: Command, io: CommandIo, done: (code: ExitCode) => void): void {
  shared(program.command('cost').description('what fal billed the account, as a table; costs nothing'))
    .option('--since <when>', 'whole days back such as 7d, or a day such as 2026-11-01 (UTC)', '7d')
    .option('--until <when>', 'the same, that day not included; now unless given')
    .option('--by <what>', 'some of day, endpoint, source (our probes or the rest), key', 'endpoint')
    .option('--endpoint <id...>', 'only these models')
    .option('--json', 'for a program to read, with whole nano-dollars')
    .option('--csv', 'for a spreadsheet')
    .addHelpText('after', COST_HELP)
    .action(async (options: CostOptions) => {
      const { cost } = await import('./cost.ts');
      done(await cost(options, io));
    });
}

function addDrill(program: Command, io: CommandIo, done: (code: ExitCode) => void): void {
  program
    .command('drill')
    .argument('[name]', 'of a drill: see --list')
    .description('break something on purpose and follow the alert to your phone')
    .option('--list', 'every drill: what happens, what arrives where, by when')
    .option('--dry-run', 'tell what it would do and expect, and touch nothing')
    .option('--synthetic', 'show Prometheus made-up numbers instead of breaking the demo')
    .option('--exporter <url>', 'of the running demo', 'http://127.0.0.1:10464')
    .option('--simulator <url>', 'of the demo; the exporter says it')
    .option('--prometheus <url>', 'to ask for rules and alerts', 'http://127.0.0.1:9090')
    .option('--alertmanager <url>', 'to ask for alerts and receivers', 'http://127.0.0.1:9093')
    .option('--listen <host:port>', 'where made-up numbers are served', '127.0.0.1:10466')
    .option('--advertise <host:port>', 'under which Prometheus reaches them; as --listen unless given')
    .option('--target-file <file>', 'tells Prometheus where they are; removed at the end')
    .option('--minutes <n>', 'give up after that time; as long as the alerts need unless given')
    .option('--heal', 'end a fault that a killed drill left on the demo')
    .option('--json', 'for a program to read')
    .addHelpText('after', DRILL_HELP)
    .action(async (name: string | undefined, options: DrillOptions) => {
      const { drill } = await import('./drill.ts');
      done(await drill(name, options, io));
    });
}

/** All its options are those of fal-simulator, so they go there unread. */
function addSimulate(program: Command, io: CommandIo, done: (code: ExitCode) => void): void {
  program
    .command('simulate')
    .description('run a local fal: see fal-exporter simulate --help')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[options...]')
    .action(async (argv: string[]) => {
      const { runSimulatorCommand } = await import('fal-simulator/command');
      done((await runSimulatorCommand(argv, io, 'fal-exporter simulate')) === 0 ? EXIT.ok : EXIT.unusable);
    });
}
