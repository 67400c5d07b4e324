import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { filesInZip, zipOf } from './plugin-zip.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const FILES = new Map([
  ['b/x.js', bytes('x'.repeat(500))],
  ['a.txt', bytes('a')],
]);

describe('zipOf', () => {
  it('puts everything under one root folder, and gives it back', () => {
    const { root, files } = filesInZip(zipOf(FILES, 'acme-thing-app', '2026-11-21'));
    expect(root).toBe('acme-thing-app');
    expect([...files.keys()]).toEqual(['a.txt', 'b/x.js']);
    expect(files.get('a.txt')).toEqual(bytes('a'));
  });

  it('gives the same bytes for the same files in another order', () => {
    const reversed = new Map([...FILES].reverse());
    expect(zipOf(reversed, 'r', '2026-11-21')).toEqual(zipOf(FILES, 'r', '2026-11-21'));
  });

  it('gives the same bytes in every time zone', () => {
    const before = process.env.TZ;
    try {
      const hours = new Set<number>();
      const zips = ['UTC', 'Asia/Tokyo', 'America/New_York'].map((zone) => {
        process.env.TZ = zone;
        hours.add(new Date(0).getHours());
        return zipOf(FILES, 'r', '2026-11-21');
      });
      expect(hours.size).toBe(3);
      expect(zips[1]).toEqual(zips[0]);
      expect(zips[2]).toEqual(zips[0]);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it('is read as what it is only with a single root folder', () => {
    expect(() => filesInZip(zipSync({ 'a/x': bytes('x'), 'b/x': bytes('x') }))).toThrow('one root folder');
    expect(() => filesInZip(zipSync({}))).toThrow('none');
  });
});
