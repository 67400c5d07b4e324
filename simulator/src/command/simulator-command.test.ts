import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { SCENARIO_NAMES } from '../scenarios/catalogue.ts';
import { createSimulator } from '../create-simulator.ts';
import { nearestName } from './nearest-name.ts';
import { runSimulatorCommand } from './simulator-command.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/fal-simulator.js', import.meta.url));
vi.setConfig({ testTimeout: 30_000 });

interface Run {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly code: Promise<number | null>;
}
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The real process, as a user starts it. */
function run(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  return { child, stdout: () => stdout, stderr: () => stderr, code };
}

/** The first line of a process that goes on. */
async function firstLine(started: Run): Promise<string> {
  while (!started.stdout().includes('\n') && started.child.exitCode === null) {
    await Promise.race([once(started.child.stdout ?? started.child, 'data'), started.code]);
  }
  return started.stdout().split('\n')[0] ?? '';
}

/** The command in this process, stopped as soon as it has said something. */
async function inProcess(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const stop = new AbortController();
  let [out, err] = ['', ''];
  const code = await runSimulatorCommand(args, {
    stdout: (text) => {
      out += text;
      stop.abort();
    },
    stderr: (text) => (err += text),
    signal: stop.signal,
  });
  return { code, out, err };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the process in under a second with exit code 0',
  async (signal) => {
    const started = run('--port', '0', '--json', '--scenario', 'hang');
    const { url, apiKey, controlUrl } = JSON.parse(await firstLine(started)) as Record<string, string>;
    expect((await fetch(`${String(controlUrl)}/scenarios`)).status).toBe(200);
    // A call that never gets its answer must not hold the process.
    const hanging = fetch(`${String(url)}/fal.run/fal-ai/flux/dev`, {
      method: 'POST',
      headers: { authorization: `Key ${String(apiKey)}` },
      body: '{"prompt":"x"}',
    }).catch(() => 'broken');
    await fetch(`${String(controlUrl)}/`);
    const begin = performance.now();
    started.child.kill(signal);
    expect(await started.code).toBe(0);
    expect(performance.now() - begin).toBeLessThan(1000);
    expect(await hanging).toBe('broken');
    expect(started.stderr()).toBe('');
  },
);

test('an unknown scenario is one line with the nearest name, and exit code 1', async () => {
  const started = run('--scenario', 'quue-stall');
  expect(await started.code).toBe(1);
  expect(started.stdout()).toBe('');
  expect(started.stderr()).toMatch(
    /^fal-simulator: no such scenario: quue-stall; did you mean queue-stall\?.*\n$/,
  );
});

test('a port in use is one line that says what to do, and exit code 1', async () => {
  const simulator = createSimulator();
  const server = await simulator.listen();
  try {
    const { port } = new URL(server.url);
    const { code, out, err } = await inProcess('--port', port);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^fal-simulator: cannot listen on 127\.0\.0\.1:\d+: the port is in use;.*--port.*\n$/,
    );
    const asJson = await inProcess('--port', port, '--json');
    expect(JSON.parse(asJson.err)).toEqual({ error: expect.stringContaining('in use') as string });
  } finally {
    await server.close();
    simulator.close();
  }
});

test.each([
  [['--port', '70000'], '--port'],
  [['--port', 'x'], '--port'],
  [['--seed', '-1'], '--seed'],
  [['--indexing-lag', 'soon'], '--indexing-lag'],
  [['--prot', '1'], '--prot'],
  [['surplus'], 'argument'],
  [['--endpoint', 'fal-ai/flux/def'], 'did you mean fal-ai/flux/dev?'],
  [['--host', '203.0.113.1', '--port', '0'], '--host'],
])('the arguments %j are refused in words, without a stack', async (args, words) => {
  const { code, out, err } = await inProcess(...args);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(words);
  expect(err).not.toMatch(/\n\s+at /);
});

test('the welcome names the address, both keys and the control API', async () => {
  const { code, out } = await inProcess(
    '--port',
    '0',
    '--scenario',
    'queue-stall',
    '--endpoint',
    'fal-ai/flux/dev',
  );
  expect(code).toBe(0);
  expect(out).toMatch(
    /^fal-simulator listens on http:\/\/127\.0\.0\.1:\d+\nscenario queue-stall for fal-ai\/flux\/dev/,
  );
  expect(out).toContain('FAL_KEY=simulated-key-id:');
  expect(out).toContain('FAL_ADMIN_KEY=simulated-admin-key-id:');
  expect(out.match(/^ {2}curl /gm)).toHaveLength(3);
});

test('the list shows every scenario with its description, for people and for programs', async () => {
  const { code, out } = await inProcess('--list-scenarios');
  expect(code).toBe(0);
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]),
  ).toEqual(SCENARIO_NAMES);
  const asJson = JSON.parse((await inProcess('--list-scenarios', '--json')).out) as { name: string }[];
  expect(asJson.map(({ name }) => name)).toEqual(SCENARIO_NAMES);
});

test('the help text calls the program by the name under which it was started', async () => {
  const stop = new AbortController();
  let help = '';
  const io = { stdout: (text: string) => void (help += text), stderr: () => undefined, signal: stop.signal };
  expect(await runSimulatorCommand(['--help'], io, 'fal-exporter simulate')).toBe(0);
  expect(help).toMatch(/^Usage: fal-exporter simulate \[options\]/);
  expect(help).toContain('$ fal-exporter simulate --list-scenarios');
});

test('a typing error finds its name, and a wild guess finds none', () => {
  expect(nearestName('outtage', SCENARIO_NAMES)).toBe('outage');
  expect(nearestName('SLOW-LORIS', SCENARIO_NAMES)).toBe('slow-loris');
  expect(nearestName('xylophone', ['outage', 'hang'])).toBeUndefined();
  expect(nearestName('anything', [])).toBeUndefined();
});
