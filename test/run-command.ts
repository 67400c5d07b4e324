import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = join(dirname(import.meta.dirname), 'exporter', 'bin', 'fal-exporter.js');

export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Nothing else of FAL_* and OTEL_* reaches the program. */
  readonly env?: Readonly<Record<string, string>>;
  /** An empty temporary folder unless given. */
  readonly cwd?: string;
  readonly withinMs?: number;
}

/** Runs `fal-exporter …` to its end, as a user would. Killed, with code null, when it takes too long. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<CommandRun> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FAL|OTEL)_/.test(name));
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd ?? mkdtempSync(join(tmpdir(), 'fal-observability-command-')),
    env: { ...Object.fromEntries(inherited), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.withinMs ?? 60_000,
    killSignal: 'SIGKILL',
  });
  const code = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}
