// Brings dashboard-revisions.json up to date after a change of a dashboard: npm run revisions.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nextRevisions } from '../.config/webpack/dashboard-revision.ts';
import { readRelease } from '../.config/webpack/release.ts';
import { readDashboards, readRevisions, revisionsPath } from './dashboards.ts';

const root = resolve(import.meta.dirname, '..');
const next = nextRevisions(readDashboards(root), readRevisions(root), readRelease(root).version);
writeFileSync(revisionsPath(root), `${JSON.stringify(next, null, 2)}\n`);
