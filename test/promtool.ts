import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Verdict {
  /** `check metrics`: 1 what cannot be parsed, 3 what can but should be written otherwise. */
  readonly exitCode: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Runs promtool with `input` as its standard input. */
export async function promtool(args: readonly string[], input = ''): Promise<Verdict> {
  const child = spawn('promtool', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exit = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
  // promtool may refuse and leave before it has read all.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [exitCode, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { exitCode, output: stdout + stderr };
}

/** Lints an exposition in Prometheus text 0.0.4: names, units, help. It does not notice duplicate series. */
export function checkMetrics(exposition: string): Promise<Verdict> {
  return promtool(['check', 'metrics'], exposition);
}
