import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { startProcess, type BackgroundProcess } from './background-process.ts';
import { waitUntil } from './wait-until.ts';

const PATIENCE = { withinMs: 20_000 };
vi.setConfig({ testTimeout: 30_000 });
const running: BackgroundProcess[] = [];

afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((each) => each.stop({ signal: 'SIGKILL' })));
});

async function startNode(script: string, folders: readonly string[] = []): Promise<BackgroundProcess> {
  const started = await startProcess({
    name: 'a script',
    command: process.execPath,
    args: ['-e', script],
    env: { GREETING: 'hello' },
    folders,
  });
  running.push(started);
  return started;
}

const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'fal-observability-test-'));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('output of both streams is collected, and the environment is the given one', async () => {
  const script = await startNode(
    `console.log(process.env.GREETING, process.env.HOME); console.error('and this')`,
  );
  await expect(script.exited).resolves.toEqual({ code: 0, signal: null });
  expect(script.output()).toContain('hello undefined');
  expect(script.output()).toContain('and this');
});

test('a stop gives exit code and duration, and takes the folder away', async () => {
  const folder = temporaryFolder();
  const script = await startNode(
    `process.on('SIGINT', () => process.exit(7)); setInterval(() => {}, 1000); console.log('ready')`,
    [folder],
  );
  await waitUntil('it is ready', () => script.output().includes('ready') || undefined, PATIENCE);
  const stopped = await script.stop({ signal: 'SIGINT' });
  expect(stopped).toMatchObject({ code: 7, signal: null });
  expect(stopped.tookMs).toBeGreaterThan(0);
  expect(existsSync(folder)).toBe(false);
  expect(await script.stop()).toBe(stopped);
});

test('a process that ignores its signal is killed and reported', async () => {
  const script = await startNode(
    `process.on('SIGTERM', () => console.log('not now')); setInterval(() => {}, 1000); console.log('ready')`,
  );
  await waitUntil('it is ready', () => script.output().includes('ready') || undefined, PATIENCE);
  await expect(script.stop({ withinMs: 200 })).rejects.toThrow(
    /did not end within 200 ms of SIGTERM[^]*not now/,
  );
  expect(isAlive(script.pid)).toBe(false);
});

test('a command that does not exist is reported, and its folder taken away', async () => {
  const folder = temporaryFolder();
  const start = startProcess({
    name: 'nobody',
    command: 'no-such-command',
    args: [],
    env: {},
    folders: [folder],
  });
  await expect(start).rejects.toThrow('starting nobody: cannot run no-such-command');
  expect(existsSync(folder)).toBe(false);
});

test('when the test process is killed, its background process and folder go too', async () => {
  const folder = temporaryFolder();
  const module = JSON.stringify(join(import.meta.dirname, 'background-process.ts'));
  const script = `
    const { startProcess } = await import(${module});
    const child = await startProcess({
      name: 'child', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'],
      env: {}, folders: [${JSON.stringify(folder)}],
    });
    console.log('child=' + child.pid + ';');
    setInterval(() => {}, 1000);
  `;
  const doomed = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let said = '';
    doomed.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const pid = Number(
      await waitUntil('the child is started', () => /child=(\d+);/.exec(said)?.[1], PATIENCE),
    );
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(folder)).toBe(true);
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    await waitUntil('the child is gone', () => !isAlive(pid) || undefined, PATIENCE);
    await waitUntil('the folder is gone', () => !existsSync(folder) || undefined, PATIENCE);
  } finally {
    doomed.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
