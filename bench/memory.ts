import { execFileSync, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

/**
 * Resident memory of the demo over time, as the operating system counts it, while a Prometheus-like scrape comes
 * every 15 seconds: `node bench/memory.ts [--minutes 10]`. Linux and macOS.
 */
const PROGRAM = join(dirname(import.meta.dirname), 'exporter', 'bin', 'fal-exporter.js');
const SCRAPE_EVERY_MS = 15_000;

function residentMb(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1000;
}

/** Least squares through minute and megabyte: megabytes per minute. */
function slope(points: readonly { readonly minute: number; readonly mb: number }[]): number {
  const meanX = points.reduce((sum, { minute }) => sum + minute, 0) / points.length;
  const meanY = points.reduce((sum, { mb }) => sum + mb, 0) / points.length;
  const over = points.reduce((sum, { minute, mb }) => sum + (minute - meanX) * (mb - meanY), 0);
  return over / points.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
  const minutes = Number(values.minutes);
  const child = spawn(process.execPath, [PROGRAM, '--listen', '127.0.0.1:10474'], { stdio: 'ignore' });
  const startedAt = performance.now();
  const points: { minute: number; mb: number }[] = [];
  try {
    while (performance.now() - startedAt < minutes * 60_000) {
      await pause(SCRAPE_EVERY_MS);
      await fetch('http://127.0.0.1:10474/metrics').then((answer) => answer.text());
      const point = { minute: (performance.now() - startedAt) / 60_000, mb: residentMb(child.pid ?? 0) };
      points.push(point);
      console.log(`${point.minute.toFixed(2).padStart(6)} min  ${point.mb.toFixed(1)} MB`);
    }
  } finally {
    child.kill('SIGINT');
  }
  const secondHalf = points.slice(Math.floor(points.length / 2));
  console.log(`highest ${Math.max(...points.map(({ mb }) => mb)).toFixed(1)} MB`);
  console.log(`trend of the second half ${slope(secondHalf).toFixed(2)} MB per minute`);
}

await main();
