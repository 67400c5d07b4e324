/** Writes dashboards/json/*.json from the dashboards as code: `node dashboards/src/write-json.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDashboard, DASHBOARDS } from './index.ts';

const FOLDER = join(import.meta.dirname, '..', 'json');

for (const spec of DASHBOARDS) {
  writeFileSync(join(FOLDER, `${spec.uid}.json`), `${JSON.stringify(buildDashboard(spec), null, 2)}\n`);
}
