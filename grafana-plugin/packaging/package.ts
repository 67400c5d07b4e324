// Builds the plugin and writes its zip: npm run package. Nothing is written that the catalogue would refuse.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readRelease } from '../.config/webpack/release.ts';
import { APP_ID } from '../src/plugin-id.ts';
import { buildPlugin } from './build-plugin.ts';
import { readFiles } from './package-files.ts';
import { zipOf } from './plugin-zip.ts';
import { problemsOf } from './rules/rules.ts';

const root = resolve(import.meta.dirname, '..');
const output = join(root, 'dist');
const { version, date } = readRelease(root);
await buildPlugin({ output });
const files = readFiles(output);
const problems = problemsOf(files, version);
if (problems.length > 0) {
  process.stderr.write(
    `The package would be refused:\n${problems.map((one) => `  ${one.file}: ${one.problem}\n`).join('')}`,
  );
  process.exitCode = 1;
} else {
  const zip = zipOf(files, APP_ID, date);
  const path = join(root, 'release', `${APP_ID}-${version}.zip`);
  mkdirSync(join(root, 'release'), { recursive: true });
  writeFileSync(path, zip);
  process.stdout.write(`${path} (${files.size} files, ${Math.round(zip.length / 1024)} KiB)\n`);
}
