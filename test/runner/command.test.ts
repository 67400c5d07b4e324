import { expect, test } from 'vitest';
import { exitCodeOf, runTool } from './command.ts';

const root = process.cwd();
const env = { PATH: process.env.PATH };

/** Runs a program in Node, and gives all that it came to. */
async function run(program: string, signal?: AbortSignal): Promise<{ code: number; output: string }> {
  let output = '';
  const keep = (text: string): void => {
    output += text;
  };
  const code = await runTool(['node', '--eval', program], { root, env, keep, signal });
  return { code, output };
}

test('what a command writes is kept, both streams, with its exit code', async () => {
  const program = 'console.log("out"); console.error("err"); process.exitCode = 3';
  const { code, output } = await run(program);
  expect(code).toBe(3);
  expect(output.split('\n').sort()).toEqual(['', 'err', 'out']);
});

test('a tool runs on our Node, and finds the tools of the repository', async () => {
  const { output } = await run('console.log(process.version, process.env.PATH)');
  expect(output).toContain(process.version);
  expect(output).toContain('node_modules/.bin');
});

test('a command that cannot be started is an error', async () => {
  await expect(exitCodeOf('no-such-command', [], { root, env })).rejects.toThrow('ENOENT');
});

test('a command is told to stop, politely first', async () => {
  const stop = new AbortController();
  let output = '';
  const code = await exitCodeOf(
    process.execPath,
    [
      '--eval',
      'process.on("SIGTERM", () => { console.log("told"); process.exit() }); console.log("up"); setInterval(() => 0, 1000)',
    ],
    {
      ...{ root, env, signal: stop.signal },
      keep: (text) => {
        output += text;
        if (text.includes('up')) stop.abort();
      },
    },
  );
  expect(output).toBe('up\ntold\n');
  expect(code).toBe(0);
});

test('a command that is told to stop is not waited for because of what it left behind', async () => {
  const stop = new AbortController();
  const child = 'setInterval(() => 0, 1000); process.send("up")';
  const program = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['--eval', ${JSON.stringify(child)}], { stdio: ['ignore', 1, 2, 'ipc'] });
    child.on('message', () => console.log(child.pid));`;
  let left = 0;
  const code = await exitCodeOf(process.execPath, ['--eval', program], {
    ...{ root, env, signal: stop.signal },
    keep: (text) => {
      left = Number(text);
      stop.abort();
    },
  });
  process.kill(left, 'SIGKILL');
  expect(code).toBe(1);
});

test('nothing starts once the run is over', async () => {
  expect(await run('console.log("up")', AbortSignal.abort())).toEqual({ code: 1, output: '' });
});
