/**
 * Cleans up after a test process that was killed. It is started beside each background process and reads from a
 * pipe that only the test process holds. Each line is JSON and says what there is to clean up from then on:
 * `{"pid": …, "folders": […]}`. When the pipe closes, the test process is done or dead, and the last line is
 * carried out.
 */
import { rmSync } from 'node:fs';

interface Charge {
  readonly pid?: number;
  readonly folders: readonly string[];
}

// The terminal's Ctrl-C reaches everybody, and our work begins exactly then.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

let heard = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  heard += text;
});
process.stdin.on('end', () => {
  // A line that was cut short by the death of its writer does not count.
  const last = heard.split('\n').slice(0, -1).at(-1);
  if (last !== undefined) reap(JSON.parse(last) as Charge);
});

function reap({ pid, folders }: Charge): void {
  if (pid !== undefined) kill(pid);
  for (const folder of folders)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself.
  }
}
