/**
 * Writes exporter/METRICS.md from the catalogue. With `--check` it writes nothing and exits with 1 when the
 * file differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { CATALOGUE } from './catalogue.ts';
import { metricsMarkdown } from './metrics-md.ts';

const path = new URL('../../METRICS.md', import.meta.url);
const markdown = metricsMarkdown(CATALOGUE);

if (!process.argv.includes('--check')) {
  writeFileSync(path, markdown);
} else if (readIfThere(path) !== markdown) {
  process.stderr.write(
    'METRICS.md differs from the metric catalogue: run `npm run generate` and commit the result\n',
  );
  process.exitCode = 1;
}

function readIfThere(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
