// Writes locales/en-US of every plugin from the calls of t(): npm run locales.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { localeFiles } from './locales/locale-file.ts';

for (const { path, content } of localeFiles(join(import.meta.dirname, '../src'))) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  process.stdout.write(`${path}\n`);
}
