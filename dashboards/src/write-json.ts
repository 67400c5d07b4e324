/**
 * Writes dashboards/json/*.json from the dashboards as code: `node dashboards/src/write-json.ts`. With `--check` it
 * writes nothing and ends with exit code 1 when a file is not what it would write.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDashboard, DASHBOARDS } from './index.ts';

const FOLDER = join(import.meta.dirname, '..', 'json');
const isCheck = process.argv.includes('--check');

for (const spec of DASHBOARDS) {
  const path = join(FOLDER, `${spec.uid}.json`);
  const text = `${JSON.stringify(buildDashboard(spec), null, 2)}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (isCheck) {
    process.stderr.write(`dashboards/json/${spec.uid}.json is out of date: npm run generate\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
    process.stdout.write(`dashboards/json/${spec.uid}.json written\n`);
  }
}
