import { VirtualClock } from 'fal-simulator';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FileStat } from './files.ts';
import { fileError } from './test-load.ts';
import { type ConfigWatch, watchConfig } from './watch.ts';

const CONFIG = '/etc/fal/fal-exporter.yml';
const KEY = '/run/secrets/key';

let clock: VirtualClock;
let files: Map<string, FileStat>;
let told: (readonly string[])[];
let troubles: unknown[];
let onChange: (changed: readonly string[]) => void | Promise<void>;

const stat = (path: string): Promise<FileStat> => {
  const found = files.get(path);
  return found === undefined ? Promise.reject(fileError('ENOENT')) : Promise.resolve(found);
};

beforeEach(() => {
  clock = new VirtualClock();
  files = new Map([
    [CONFIG, { mtimeMs: 1, size: 10, inode: 1, mode: 0o644 }],
    [KEY, { mtimeMs: 1, size: 70, inode: 2, mode: 0o600 }],
  ]);
  told = [];
  troubles = [];
  onChange = () => undefined;
});

function watch(): ConfigWatch {
  return watchConfig({
    ...{ paths: [CONFIG, KEY], stat, clock, pollMs: 2000, restMs: 250 },
    onChange: (changed) => {
      told.push(changed);
      return onChange(changed);
    },
    onTrouble: (error) => troubles.push(error),
  });
}

function change(path: string, parts: Partial<FileStat>): void {
  const before = files.get(path) ?? { mtimeMs: 0, size: 0, inode: 9 };
  files.set(path, { ...before, ...parts });
}

describe('a watch', () => {
  test('says nothing while nothing changes', async () => {
    watch();
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });

  test.each<[string, Partial<FileStat>]>([
    ['is written', { mtimeMs: 2, size: 11 }],
    ['is written with a time of the past', { mtimeMs: 0 }],
    ['is replaced by one of the same time and size', { inode: 7 }],
    ['gets other permissions', { mode: 0o600 }],
  ])('notices that a file %s, within one look and its rest', async (_how, parts) => {
    watch();
    await clock.advance(10);
    change(CONFIG, parts);
    await clock.advance(2250);
    expect(told).toEqual([[CONFIG]]);
    await clock.advance(60_000);
    expect(told).toHaveLength(1);
  });

  test('notices a file that goes and one that comes', async () => {
    files.delete(KEY);
    watch();
    await clock.advance(10);
    change(KEY, { mtimeMs: 5 });
    await clock.advance(3000);
    files.delete(CONFIG);
    await clock.advance(3000);
    expect(told).toEqual([[KEY], [CONFIG]]);
  });

  test('waits until a file that is being written rests', async () => {
    watch();
    await clock.advance(1900);
    for (let size = 11; size < 31; size++) {
      change(CONFIG, { size });
      await clock.advance(200);
    }
    expect(told).toEqual([]);
    await clock.advance(500);
    expect(told).toEqual([[CONFIG]]);
  });

  test('tells of files that change together once', async () => {
    watch();
    await clock.advance(10);
    change(CONFIG, { inode: 11 });
    change(KEY, { inode: 12 });
    await clock.advance(3000);
    expect(told).toEqual([[CONFIG, KEY]]);
  });

  test('says nothing when a change is taken back before it rested', async () => {
    watch();
    await clock.advance(1990);
    change(CONFIG, { size: 99 });
    await clock.advance(20);
    change(CONFIG, { size: 10 });
    await clock.advance(10_000);
    expect(told).toEqual([]);
  });

  test('makes several requests at once into one, without any change', async () => {
    const watched = watch();
    await clock.advance(10);
    watched.trigger();
    watched.trigger();
    await clock.advance(100);
    watched.trigger();
    await clock.advance(250);
    expect(told).toEqual([[]]);
    await clock.advance(60_000);
    expect(told).toHaveLength(1);
  });

  test('never calls again before the last call has settled, and loses no request meanwhile', async () => {
    let settle: () => void = () => undefined;
    onChange = () =>
      new Promise((resolve) => {
        settle = resolve;
      });
    const watched = watch();
    await clock.advance(10);
    change(CONFIG, { size: 11 });
    await clock.advance(2250);
    change(CONFIG, { size: 12 });
    watched.trigger();
    await clock.advance(60_000);
    expect(told).toHaveLength(1);
    settle();
    await clock.advance(1000);
    expect(told).toEqual([[CONFIG], [CONFIG]]);
  });

  test('goes on when the listener throws, and tells of it', async () => {
    onChange = () => {
      throw new Error('listener');
    };
    watch();
    await clock.advance(10);
    change(CONFIG, { size: 11 });
    await clock.advance(3000);
    change(CONFIG, { size: 12 });
    await clock.advance(3000);
    expect(told).toHaveLength(2);
    expect(troubles).toEqual([new Error('listener'), new Error('listener')]);
  });

  test('leaves no timer behind when it is stopped, also in the middle of a look', async () => {
    const first = watch();
    first.stop();
    await clock.advance(0);
    expect(clock.pending).toBe(0);
    const second = watch();
    await clock.advance(10);
    change(CONFIG, { size: 11 });
    second.trigger();
    second.stop();
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
    expect(told).toEqual([]);
  });
});
