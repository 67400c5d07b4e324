import { runSimulatorCommand } from './simulator-command.ts';

/** The process: its arguments, its streams, its signals. Ends the process with the exit code of the command. */
export async function runMain(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  // `fal-simulator --list-scenarios | head -1` closes the pipe early; that is no reason for a stack trace.
  process.stdout.on('error', () => process.exit(0));
  const code = await runSimulatorCommand(process.argv.slice(2), {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    signal: stop.signal,
  });
  process.exit(code);
}
