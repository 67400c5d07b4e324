/**
 * Zero code: `node --import opentelemetry-instrumentation-fal/register app.js` (or `--require`), or the same in
 * `NODE_OPTIONS`. Importing it is the use of it, so this is the one file here that does something when it is loaded.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { startPreset } from './register/preset.ts';

startPreset({
  env: process.env,
  isMainThread,
  program: process.argv[1],
  url: import.meta.url,
  // The neighbour in the same format: TypeScript here, JavaScript where it is built.
  ownEntry: import.meta.url.endsWith('.ts') ? './index.ts' : './index.js',
  // By `require`, because only that is at once: the client may be the first thing that the app loads.
  load: createRequire(import.meta.url),
  readFile: (path) => readFileSync(path, 'utf8'),
  process,
  say: (line) => process.stderr.write(`${line}\n`),
});
