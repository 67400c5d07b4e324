import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFileBounded, readTextFile, statFile } from './files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-exporter-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('on a real disk', () => {
  const read = (name: string) =>
    readTextFile({ readFile: readFileBounded, path: join(folder, name), maxBytes: 100 });

  test('a text is read as it stands', async () => {
    writeFileSync(join(folder, 'a'), 'listen: x\n');
    expect(await read('a')).toEqual({ kind: 'text', text: 'listen: x\n' });
  });

  test('a file is read up to the limit and not beyond', async () => {
    writeFileSync(join(folder, 'fits'), 'x'.repeat(100));
    writeFileSync(join(folder, 'large'), 'x'.repeat(5000));
    expect(await read('fits')).toMatchObject({ kind: 'text' });
    expect(await read('large')).toMatchObject({ kind: 'unusable' });
    expect(await readFileBounded(join(folder, 'large'), 100)).toHaveLength(101);
  });

  test('a missing file, and one below a file, are missing', async () => {
    writeFileSync(join(folder, 'a'), '');
    expect(await read('b')).toEqual({ kind: 'missing' });
    expect(await read('a/b')).toEqual({ kind: 'missing' });
  });

  test('a folder and a circle of links say what they are', async () => {
    mkdirSync(join(folder, 'inner'));
    symlinkSync('round', join(folder, 'round'));
    expect(await read('inner')).toMatchObject({ found: 'it is a folder' });
    expect(await read('round')).toMatchObject({ found: 'its links lead in a circle' });
  });

  test('a file that is replaced, or whose link is swapped, looks different', async () => {
    const path = join(folder, 'config');
    for (const version of ['v1', 'v2']) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'config'), 'same');
    }
    symlinkSync('v1', join(folder, 'data'));
    symlinkSync('data/config', path);
    const before = await statFile(path);
    symlinkSync('v2', join(folder, 'next'));
    renameSync(join(folder, 'next'), join(folder, 'data'));
    expect((await statFile(path)).inode).not.toBe(before.inode);
  });

  test('the mode is that of the file and not of the link', async () => {
    writeFileSync(join(folder, 'key'), '');
    chmodSync(join(folder, 'key'), 0o640);
    symlinkSync('key', join(folder, 'link'));
    expect((await statFile(join(folder, 'link'))).mode).toBe(0o640);
  });
});
