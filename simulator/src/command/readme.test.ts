import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { createSimulator } from '../create-simulator.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import { clientSnippet } from './welcome.ts';

const ROOT = new URL('../../', import.meta.url);
const README = readFileSync(new URL('README.md', ROOT), 'utf8');
vi.setConfig({ testTimeout: 30_000 });

/** Runs a program text inside the workspace, where `fal-simulator` and the client can be imported. */
async function runText(text: string, type: string): Promise<{ code: unknown; output: string }> {
  const args = [`--input-type=${type}`, '--eval', text];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(ROOT),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, output };
}

/** Rows of the table under a heading, as pairs of cells without code marks. */
function tableUnder(heading: string): string[][] {
  const section = README.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('the table of scenarios is the list of scenarios, in both directions', () => {
  expect(tableUnder('Scenarios')).toEqual(SCENARIOS.map(({ name, description }) => [name, description]));
});

test('the table of control operations is the list that the control API gives', async () => {
  const simulator = createSimulator();
  const server = await simulator.listen();
  try {
    const { operations } = (await (await fetch(`${server.url}/_control/`)).json()) as {
      operations: string[];
    };
    expect(tableUnder('Steer it').map(([operation]) => operation)).toEqual(operations);
  } finally {
    await server.close();
    simulator.close();
  }
});

test('the code sample is a test that passes as it stands', async () => {
  const [, sample = ''] = /```ts\n([\s\S]*?)```/.exec(README) ?? [];
  const { code, output } = await runText(sample, 'module-typescript');
  expect(output).toMatch(/pass 1\b/);
  expect(code).toBe(0);
});

test('the snippet of the welcome points the real client here, uploads included', async () => {
  const simulator = createSimulator();
  simulator.world.endpoints.forEach((endpoint) => (endpoint.inference = { medianMs: 1, sigma: 0 }));
  const server = await simulator.listen();
  try {
    const text = `
      import { createFalClient } from '@fal-ai/client';
      ${clientSnippet(server.url)}
      const input = { prompt: 'a lighthouse', image: new Blob(['pixels'], { type: 'image/png' }) };
      const { data } = await fal.run('fal-ai/flux/schnell', { input });
      console.log(data.images.length);`;
    const { code, output } = await runText(text, 'module');
    expect([output.trim(), code]).toEqual(['1', 0]);
    const hosts = simulator.ledger.exchanges.map(({ method, host }) => `${method} ${host}`);
    expect(hosts).toEqual(['POST rest.fal.ai', 'PUT v3.fal.media', 'POST fal.run']);
  } finally {
    await server.close();
    simulator.close();
  }
});
