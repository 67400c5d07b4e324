import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cleanEnvironment, startExporter } from './exporter-process.ts';

vi.setConfig({ testTimeout: 30_000 });

/**
 * Speaks the exporter's side of the contract: takes the options, names a simulator before itself, is ready
 * at the second question, ends with 0 on SIGINT.
 */
const STAND_IN = `
const { createServer } = require('node:http');
const { readFileSync } = require('node:fs');
const options = process.argv.slice(2);
const valueOf = (name) => options[options.indexOf(name) + 1];
console.error(JSON.stringify({ options, env: process.env.FAL_KEY, config: readFileSync(valueOf('--config'), 'utf8') }));
let questions = 0;
const simulator = createServer((request, response) => response.writeHead(404).end());
const exporter = createServer((request, response) => {
  const isReady = request.url === '/-/ready' && (questions += 1) > 1;
  response.writeHead(isReady ? 200 : 503).end();
});
simulator.listen(0, '127.0.0.1', () => {
  console.log('DEMO: simulator at http://127.0.0.1:' + simulator.address().port);
  exporter.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + exporter.address().port + '/'));
});
process.on('SIGINT', () => process.exit(0));
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-observability-stand-in-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function program(text: string): string {
  const file = join(folder, 'stand-in.cjs');
  writeFileSync(file, text);
  return file;
}

test('is started like a user would, found where it is ready, and stopped by SIGINT', async () => {
  const exporter = await startExporter({
    program: program(STAND_IN),
    config: 'probes: []\n',
    env: { FAL_KEY: 'canary' },
    args: ['--log-level', 'debug'],
  });
  const said = JSON.parse(exporter.output().split('\n', 1)[0] ?? '') as { options: string[] };
  expect(said).toMatchObject({ env: 'canary', config: 'probes: []\n' });
  const [command, ...options] = said.options;
  const [, config = '', , , , stateDir = ''] = options;
  expect(command).toBe('serve');
  expect(options).toEqual([
    ...['--config', config, '--listen', '127.0.0.1:0', '--state-dir', stateDir],
    ...['--log-level', 'debug'],
  ]);
  expect(exporter.output()).toContain(`listening on ${exporter.url}/`);
  expect(exporter.target).toBe(new URL(exporter.url).host);
  const stopped = await exporter.stop();
  expect(stopped).toMatchObject({ code: 0, signal: null });
  expect(stopped.tookMs).toBeLessThan(10_000);
  expect(existsSync(config)).toBe(false);
});

test('a state folder of the test survives the process', async () => {
  const stateDir = join(folder, 'state');
  writeFileSync(stateDir, 'kept');
  const exporter = await startExporter({ program: program(STAND_IN), stateDir });
  expect(exporter.output()).toContain(JSON.stringify(stateDir));
  await exporter.stop();
  expect(existsSync(stateDir)).toBe(true);
});

test('an exporter that ends at once is reported with what it said', async () => {
  const start = startExporter({
    program: program(`console.error('probes[0]: unknown key'); process.exit(1)`),
  });
  await expect(start).rejects.toThrow(/ended before it was ready[^]*probes\[0\]: unknown key/);
});

test('an exporter that never becomes ready is reported and killed', async () => {
  const text = `console.log('pid ' + process.pid); setInterval(() => {}, 1000);`;
  const start = startExporter({ program: program(text), readyWithinMs: 500 });
  const message = await start.then(
    () => 'ready',
    (error: unknown) => String(error),
  );
  expect(message).toContain('waited 500 ms');
  const pid = Number(/pid (\d+)/.exec(message)?.[1]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test("a developer's own keys and settings never reach the exporter", () => {
  const env = {
    PATH: '/bin',
    FAL_KEY: 'real',
    OTEL_SDK_DISABLED: '1',
    NODE_OPTIONS: '--inspect',
    VITEST: 'true',
  };
  expect(cleanEnvironment(env)).toEqual({ PATH: '/bin' });
});
