import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FACTS_FILE } from './past.ts';
import { type RecordingOptions, recordPast } from './record-past.ts';

/** The process that `buildPast` starts: options as JSON in its first argument. */
const options = JSON.parse(process.argv[2] ?? '{}') as RecordingOptions;
const facts = await recordPast(options);
writeFileSync(join(options.folder, FACTS_FILE), JSON.stringify(facts));
// What still hangs in the past hangs for ever.
process.exit(0);
