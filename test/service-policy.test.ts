import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { holdServices } from './service-policy.ts';

vi.setConfig({ testTimeout: 30_000 });

let folder: string;
let policyFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-observability-policy-'));
  policyFile = join(folder, 'policy-rc.d');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What Debian's invoke-rc.d learns from the policy file: the exit code that it decides by. */
async function answerOfPolicy(): Promise<unknown> {
  const [code] = (await once(spawn(policyFile, ['prometheus', 'start']), 'exit')) as [number];
  return code;
}

test('services are forbidden to start until released, and then no policy is left behind', async () => {
  const release = holdServices(policyFile);
  expect(await answerOfPolicy()).toBe(101);
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test("the machine's own policy comes back as it was", async () => {
  writeFileSync(policyFile, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const release = holdServices(policyFile);
  expect(await answerOfPolicy()).toBe(101);
  release();
  expect(readFileSync(policyFile, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
  expect(statSync(policyFile).mode & 0o777).toBe(0o755);
  expect(readdirSync(folder)).toEqual(['policy-rc.d']);
});

test('releasing twice does no harm to a policy written in between', () => {
  const release = holdServices(policyFile);
  release();
  writeFileSync(policyFile, '#!/bin/sh\nexit 0\n');
  release();
  expect(readFileSync(policyFile, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
});

/** A process of its own that holds services and then does what `then` says; resolves once it holds them. */
async function holdInAnotherProcess(then: string): Promise<ReturnType<typeof spawn>> {
  const module = JSON.stringify(join(import.meta.dirname, 'service-policy.ts'));
  const script = `
    const { holdServices } = await import(${module});
    holdServices(${JSON.stringify(policyFile)});
    process.stdout.write('held');
    ${then}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('no standard output');
  await once(child.stdout, 'data');
  return child;
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s still ends the process, and the policy is back',
  async (signal) => {
    writeFileSync(policyFile, 'as it was');
    const child = await holdInAnotherProcess('setInterval(() => undefined, 1000);');
    child.kill(signal);
    await expect(once(child, 'exit')).resolves.toEqual([null, signal]);
    expect(readFileSync(policyFile, 'utf8')).toBe('as it was');
  },
);

test('a process that ends by an exception leaves the policy as it was', async () => {
  writeFileSync(policyFile, 'as it was');
  const child = await holdInAnotherProcess('process.exit(3);');
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(3);
  expect(readFileSync(policyFile, 'utf8')).toBe('as it was');
});

test('after a SIGKILL the next run finds the machine’s own policy and puts it back', async () => {
  writeFileSync(policyFile, 'as it was');
  const child = await holdInAnotherProcess('setInterval(() => undefined, 1000);');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(readFileSync(policyFile, 'utf8')).not.toBe('as it was');
  holdServices(policyFile)();
  expect(readFileSync(policyFile, 'utf8')).toBe('as it was');
  expect(existsSync(`${policyFile}.before-fal-observability-tests`)).toBe(false);
});
