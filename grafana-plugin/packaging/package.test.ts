import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRelease } from '../.config/webpack/release.ts';
import { dashboardEntries } from '../src/account-status/dashboards.ts';
import { SET_UP_PAGE, STATUS_PAGE } from '../src/app/addresses.ts';
import { APP_ID } from '../src/plugin-id.ts';
import { buildPlugin } from './build-plugin.ts';
import { objectIn, type PackageFiles, readFiles, textIn } from './package-files.ts';
import { filesInZip, zipOf } from './plugin-zip.ts';
import { fieldsOf, listOf } from './rules/problem.ts';
import { problemsOf } from './rules/rules.ts';

const ROOT = resolve(import.meta.dirname, '..');
const RELEASE = readRelease(ROOT);
/** Shared by Grafana; a module that asks for anything else would not load. */
const GIVEN =
  /^(react|react-dom|react\/jsx-runtime|react-router|rxjs|rxjs\/operators|lodash|i18next|moment|module|@emotion\/css|@grafana\/(data|ui|runtime))$/;

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fal-plugin-'));
  let zip: Uint8Array;
  let files: PackageFiles;

  beforeAll(async () => {
    await buildPlugin({ output: join(folder, 'one') });
    zip = zipOf(readFiles(join(folder, 'one')), APP_ID, RELEASE.date);
    files = filesInZip(zip).files;
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has nothing that the catalogue would refuse', () => {
    expect(problemsOf(files, RELEASE.version)).toEqual([]);
  });

  it('has one root folder, named as the app', () => expect(filesInZip(zip).root).toBe(APP_ID));

  it('has the same bytes when it is built again', async () => {
    await buildPlugin({ output: join(folder, 'two') });
    const again = zipOf(readFiles(join(folder, 'two')), APP_ID, RELEASE.date);
    expect(Buffer.from(again).equals(Buffer.from(zip))).toBe(true);
  }, 120_000);

  it('brings the app, three panels and seven dashboards, and no more', () => {
    const includes = listOf(objectIn(files, 'plugin.json')?.includes).map(fieldsOf);
    const ids = [...files.keys()]
      .filter((path) => path.endsWith('plugin.json'))
      .map((path) => objectIn(files, path)?.id);
    expect(ids.sort()).toEqual(
      [APP_ID, 'falobs-anatomy-panel', 'falobs-modelstatus-panel', 'falobs-runway-panel'].sort(),
    );
    const dashboards = includes.filter(({ type }) => type === 'dashboard').map(({ uid }) => uid);
    expect(dashboards).toEqual(dashboardEntries().map(({ uid }) => uid));
    const pages = includes.filter(({ type }) => type === 'page').map(({ path }) => path);
    expect(pages).toEqual([STATUS_PAGE, SET_UP_PAGE]);
  });

  it('names its dashboards as the status page does', () => {
    const includes = listOf(objectIn(files, 'plugin.json')?.includes).map(fieldsOf);
    for (const { uid, name } of dashboardEntries()) {
      expect(includes.find((include) => include.uid === uid)?.name).toBe(name);
    }
  });

  it('asks Grafana only for what it gives', () => {
    const modules = [...files.keys()].filter((path) => path.endsWith('module.js'));
    expect(modules).toHaveLength(4);
    for (const path of modules) {
      const wanted = /define\(\[([^\]]*)\]/.exec(textIn(files, path) ?? '')?.[1] ?? '';
      const names = [...wanted.matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? '');
      expect(names.filter((name) => !GIVEN.test(name))).toEqual([]);
      expect(names).toContain('react');
    }
  });

  it('loads its pages only when they are opened', () => {
    const chunks = [...files.keys()].filter((path) => /^\d+\.js$/.test(path));
    expect(chunks.length).toBeGreaterThan(0);
    expect((files.get('module.js')?.length ?? 0) / 1024).toBeLessThan(40);
  });

  it('fits through a slow line: less than a megabyte', () => expect(zip.length).toBeLessThan(1_000_000));

  it('has the version and the day of its changelog in each plugin.json', () => {
    for (const path of [...files.keys()].filter((one) => one.endsWith('plugin.json'))) {
      expect(fieldsOf(objectIn(files, path)?.info)).toMatchObject({
        ...{ version: RELEASE.version, updated: RELEASE.date },
      });
    }
  });
});

describe('the project', () => {
  it('keeps the build where the catalogue looks for it', () => {
    const text = readFileSync(join(ROOT, '.config/webpack/webpack.config.ts'), 'utf8');
    expect(text).toContain('@grafana/create-plugin');
  });

  it('has the licence of the repository', () => {
    expect(readFileSync(join(ROOT, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, '../LICENSE'), 'utf8'));
  });
});
