import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { main } from '../src/command/main.ts';
import { disk } from '../src/command/disk.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

test('the committed files are what the catalogue generates; if not: node alert-rules/bin/fal-alert-rules.js generate', () => {
  let output = '';
  const tell = (text: string): void => void (output += text);
  const io = { stdout: tell, stderr: tell, cwd: packageFolder, files: disk('test'), packageFolder };
  expect({ exitCode: main(['generate', '--check'], io), output }).toEqual({
    exitCode: 0,
    output: 'all generated files are up to date\n',
  });
});

test('the package ships every folder that is generated', async () => {
  const manifest = JSON.parse(await readFile(`${packageFolder}package.json`, 'utf8')) as { files: string[] };
  expect(manifest.files).toEqual(expect.arrayContaining(['bin', 'src', 'prometheus', 'grafana', 'operator']));
});
