import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface AmtoolVerdict {
  readonly exitCode: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Runs amtool to its end. */
export async function amtool(args: readonly string[]): Promise<AmtoolVerdict> {
  const child = spawn('amtool', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  const [exitCode, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { exitCode, output: stdout + stderr };
}

/** Whether a configuration sends an alert with these labels to exactly these receivers, in this order. */
export function testRoute(
  configFile: string,
  labels: Readonly<Record<string, string>>,
  receivers: readonly string[],
): Promise<AmtoolVerdict> {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const verify = `--verify.receivers=${receivers.join(',')}`;
  return amtool(['config', 'routes', 'test', `--config.file=${configFile}`, verify, ...pairs]);
}
