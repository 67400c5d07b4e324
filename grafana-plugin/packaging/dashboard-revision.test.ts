import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentHash, nextRevisions, stampRevision } from '../.config/webpack/dashboard-revision.ts';
import { readRelease } from '../.config/webpack/release.ts';
import { readDashboards, readRevisions } from './dashboards.ts';

const OLD = '{"uid":"d","title":"Old"}';
const NEW = '{"uid":"d","title":"New"}';
const SHIPPED = { d: { revision: 4, sha256: contentHash(OLD), since: '1.0.0' } };

describe('nextRevisions', () => {
  it('keeps the revision of what has not changed, also in a new version', () => {
    expect(nextRevisions({ d: OLD }, SHIPPED, '1.1.0')).toEqual(SHIPPED);
  });

  it('raises it where the content changed since the version that shipped it', () => {
    expect(nextRevisions({ d: NEW }, SHIPPED, '1.1.0').d).toEqual({
      ...{ revision: 5, sha256: contentHash(NEW), since: '1.1.0' },
    });
  });

  it('raises it once for each version, however often the content changes before the release', () => {
    const once = nextRevisions({ d: NEW }, SHIPPED, '1.1.0');
    const again = nextRevisions({ d: '{"uid":"d","title":"Newer"}' }, once, '1.1.0');
    expect(again.d?.revision).toBe(5);
    expect(nextRevisions({ d: OLD }, again, '1.2.0').d?.revision).toBe(6);
  });

  it('begins with 1, and forgets what is not shipped any more', () => {
    expect(nextRevisions({ n: NEW }, SHIPPED, '1.1.0')).toEqual({
      n: { revision: 1, sha256: contentHash(NEW), since: '1.1.0' },
    });
  });
});

describe('stampRevision', () => {
  it('writes the number of the list over that of the file', () => {
    expect(JSON.parse(stampRevision('{"uid":"d","revision":1}', 'd', SHIPPED))).toEqual({
      uid: 'd',
      revision: 4,
    });
    expect(JSON.parse(stampRevision(OLD, 'unlisted', SHIPPED))).toMatchObject({ revision: 1 });
  });

  it('does not change the hash of the content', () => {
    expect(contentHash(stampRevision(OLD, 'd', SHIPPED))).toBe(contentHash(OLD));
  });
});

describe('dashboard-revisions.json', () => {
  it('is up to date with the generated dashboards; otherwise run: npm run revisions in grafana-plugin', () => {
    const root = resolve(import.meta.dirname, '..');
    const { version } = readRelease(root);
    expect(nextRevisions(readDashboards(root), readRevisions(root), version)).toEqual(readRevisions(root));
  });
});
