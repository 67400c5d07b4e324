import { VirtualClock } from 'fal-simulator';
import { describe, expect, test } from 'vitest';
import { loadCredentials } from './credentials.ts';
import type { FileStat } from './files.ts';
import { loadConfig } from './load.ts';
import { problemLines } from './problem.ts';
import {
  type ConfigHolder,
  type OpenedConfig,
  type ReloadResult,
  openConfig,
  watchConfig,
} from './reload.ts';
import { fileError, filesOf } from './test-load.ts';

const CONFIG = '/etc/fal/fal-exporter.yml';
const KEY_FILE = '/run/secrets/fal';
const KEY = (digit: string): string => `key-id-${digit.repeat(12)}:key-part-${digit.repeat(20)}`;
const ENV = { FAL_KEY_FILE: KEY_FILE };

/** A small disk: writing changes time and size, replacing the inode too. */
class Disk {
  readonly #files = new Map<string, FileStat & { readonly text: string }>();
  #tick = 1;

  write(path: string, text: string): void {
    const inode = this.#files.get(path)?.inode ?? (this.#tick += 1);
    this.#files.set(path, { text, inode, mtimeMs: (this.#tick += 1), size: text.length, mode: 0o600 });
  }

  /** As `mv` and Kubernetes do it: another file of the same name, here even of the same time and size. */
  replace(path: string, text: string): void {
    const mtimeMs = this.#files.get(path)?.mtimeMs ?? 0;
    this.#files.set(path, { text, inode: (this.#tick += 1), mtimeMs, size: text.length, mode: 0o600 });
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  readonly readFile = (path: string, maxBytes: number): Promise<Uint8Array> =>
    filesOf(Object.fromEntries([...this.#files].map(([name, { text }]) => [name, text])))(path, maxBytes);

  readonly stat = (path: string): Promise<FileStat> => {
    const file = this.#files.get(path);
    return file === undefined ? Promise.reject(fileError('ENOENT')) : Promise.resolve(file);
  };
}

async function open(disk: Disk): Promise<OpenedConfig> {
  const { readFile, stat } = disk;
  const opened = await openConfig({
    loadConfig: () => loadConfig({ env: ENV, readFile, cwd: '/etc/fal' }),
    loadCredentials: () => loadCredentials({ env: ENV, readFile, stat }),
  });
  if (!opened.ok) throw new Error(problemLines(opened.problems).join('\n'));
  return opened;
}

function diskWith(config: string): Disk {
  const disk = new Disk();
  disk.write(CONFIG, config);
  disk.write(KEY_FILE, KEY('1'));
  return disk;
}

function watching(disk: Disk, holder: ConfigHolder) {
  const clock = new VirtualClock();
  const results: ReloadResult[] = [];
  const watch = watchConfig({
    ...{ paths: [CONFIG, KEY_FILE], stat: disk.stat, clock },
    onChange: async () => void results.push(await holder.reload()),
    onTrouble: (error) => {
      throw error;
    },
  });
  return { clock, results, watch };
}

describe('a configuration that changes while the exporter runs', () => {
  test('good, broken, good again: the broken one leaves the old one in force and says why', async () => {
    const disk = diskWith('series: { limit: 1111 }');
    const { holder } = await open(disk);
    const { clock, results } = watching(disk, holder);
    await clock.advance(5000);
    expect(results).toEqual([]);

    disk.write(CONFIG, 'series: { limit: 2222 }');
    await clock.advance(5000);
    expect(results.at(-1)).toEqual({ ok: true, problems: [], warnings: [] });
    expect(holder.current.series.limit).toBe(2222);

    disk.write(CONFIG, 'series: { limit: many }');
    await clock.advance(5000);
    const broken = results.at(-1);
    expect(broken?.ok).toBe(false);
    expect(problemLines(broken?.problems ?? [])).toEqual([
      'fal-exporter.yml:1:18 series.limit: got "many", expected a whole number from 1000 to 1000000',
    ]);
    expect(holder.current.series.limit).toBe(2222);

    disk.replace(CONFIG, 'series: { limit: 3333 }');
    await clock.advance(5000);
    expect(holder.current.series.limit).toBe(3333);
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  test('is read again on request even though no file changed', async () => {
    const disk = diskWith('');
    const { holder } = await open(disk);
    const { clock, results, watch } = watching(disk, holder);
    await clock.advance(1000);
    watch.trigger();
    await clock.advance(300);
    expect(results).toHaveLength(1);
  });

  test('goes back to the defaults when the default file is removed', async () => {
    const disk = diskWith('series: { limit: 1111 }');
    const { holder } = await open(disk);
    disk.remove(CONFIG);
    expect((await holder.reload()).ok).toBe(true);
    expect(holder.current.series.limit).toBe(50_000);
  });

  test('keeps what needs a restart, and names it', async () => {
    const disk = diskWith('listen: 127.0.0.1:1111');
    const { holder } = await open(disk);
    const before = holder.current;
    disk.write(
      CONFIG,
      'listen: 127.0.0.1:2222\nstate_dir: other\nweb: { config_file: web.yml }\nsimulator_url: http://localhost:1\nseries: { limit: 1234 }',
    );
    const result = await holder.reload();
    const after = 'changed, and stays as it was until the exporter is restarted';
    expect(result.warnings).toEqual([
      `listen: ${after}`,
      `state_dir: ${after}`,
      `simulator_url: ${after}`,
      `web.config_file: ${after}`,
    ]);
    expect(holder.current).toEqual({ ...before, series: { ...before.series, limit: 1234 } });
  });

  test('reloads at the same time run one after the other, so that a slow one cannot undo a later one', async () => {
    const disk = diskWith('');
    const { readFile, stat } = disk;
    const first = Promise.withResolvers<Uint8Array>();
    const texts = [
      Promise.resolve(Buffer.from('')),
      first.promise,
      Promise.resolve(Buffer.from('series: { limit: 2222 }')),
    ];
    const opened = await openConfig({
      loadConfig: () =>
        loadConfig({ env: {}, readFile: () => texts.shift() ?? Promise.reject(fileError('EIO')), cwd: '/' }),
      loadCredentials: () => loadCredentials({ env: {}, readFile, stat }),
    });
    if (!opened.ok) throw new Error('the configuration should open');
    const reloads = [opened.holder.reload(), opened.holder.reload()];
    await new VirtualClock().advance(1);
    first.resolve(Buffer.from('series: { limit: 1111 }'));
    await Promise.all(reloads);
    expect(opened.holder.current.series.limit).toBe(2222);
  });
});

describe('a key that is rotated', () => {
  test('takes effect, and both keys stay out of every text', async () => {
    const disk = diskWith('');
    const { holder } = await open(disk);
    const { redact } = holder;
    const { clock } = watching(disk, holder);
    await clock.advance(1000);
    expect(holder.credentials.falKey).toBe(KEY('1'));

    disk.replace(KEY_FILE, KEY('2'));
    await clock.advance(5000);
    expect(holder.credentials.falKey).toBe(KEY('2'));
    expect(redact(`old ${KEY('1')} new ${KEY('2')}`)).toBe('old [redacted] new [redacted]');
  });

  test('in the middle of the rotation leaves the old key and the old configuration in force', async () => {
    const disk = diskWith('series: { limit: 1111 }');
    const { holder } = await open(disk);
    disk.write(CONFIG, 'series: { limit: 2222 }');
    for (const half of ['', 'only-one-half']) {
      disk.write(KEY_FILE, half);
      expect((await holder.reload()).ok).toBe(false);
    }
    disk.remove(KEY_FILE);
    expect((await holder.reload()).ok).toBe(false);
    expect(holder.credentials.falKey).toBe(KEY('1'));
    expect(holder.current.series.limit).toBe(1111);
    disk.write(KEY_FILE, KEY('3'));
    expect((await holder.reload()).ok).toBe(true);
    expect(holder.credentials.falKey).toBe(KEY('3'));
    expect(holder.current.series.limit).toBe(2222);
  });
});

test('the first reading tells the problems of file and keys together', async () => {
  const readFile = filesOf({ [CONFIG]: 'series: { limit: 1 }' });
  const opened = await openConfig({
    loadConfig: () => loadConfig({ env: {}, readFile, cwd: '/etc/fal' }),
    loadCredentials: () =>
      loadCredentials({
        env: { FAL_KEY: 'half' },
        readFile,
        stat: () => Promise.reject(fileError('ENOENT')),
      }),
  });
  expect(opened.ok ? [] : opened.problems.map(({ path }) => path)).toEqual(['series.limit', 'FAL_KEY']);
});
