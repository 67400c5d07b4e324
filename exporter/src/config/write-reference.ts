/**
 * Writes exporter/examples/reference.yml from the schema. With `--check` it writes nothing and exits with 1 when
 * the file differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { configReference } from './reference.ts';

const path = new URL('../../examples/reference.yml', import.meta.url);
const reference = configReference();

if (!process.argv.includes('--check')) {
  mkdirSync(new URL('.', path), { recursive: true });
  writeFileSync(path, reference);
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== reference) {
  process.stderr.write(
    'exporter/examples/reference.yml differs from the schema: run `npm run generate` and commit the result\n',
  );
  process.exitCode = 1;
}
