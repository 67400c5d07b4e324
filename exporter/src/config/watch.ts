import type { Clock } from '../domain/clock.ts';
import type { StatFile } from './files.ts';

export interface WatchOptions {
  readonly paths: readonly string[];
  /** Told which files changed; empty when only `trigger` asked. Never called again before it has settled. */
  readonly onChange: (changed: readonly string[]) => void | Promise<void>;
  /** Takes what `onChange` throws; the watch goes on. */
  readonly onTrouble: (error: unknown) => void;
  readonly stat: StatFile;
  readonly clock: Clock;
  /** Time between two looks; 2 s unless given. */
  readonly pollMs?: number;
  /** Files must have rested this long before anybody reads them; 250 ms unless given. */
  readonly restMs?: number;
}

export interface ConfigWatch {
  /** Asks for a reload now, whether a file changed or not (SIGHUP). Several at once are one. */
  trigger(): void;
  stop(): void;
}

/**
 * Watches files by looking at them: time, size and inode, through links. Unlike the notifications of the
 * operating system this also sees bind mounts, network file systems, editors and deployments that replace the
 * file, and the swapped links of a Kubernetes volume. A file that is missing may come, and one that is there may go.
 * Start it before the files are read, so that no change falls in between.
 */
export function watchConfig(options: WatchOptions): ConfigWatch {
  const watch = new PollingWatch(options);
  return { trigger: () => watch.trigger(), stop: () => watch.stop() };
}

/** What each file looked like, by path. */
type Look = ReadonlyMap<string, string>;

class PollingWatch {
  readonly #options: WatchOptions;
  /** What was told last; undefined until the first look. */
  #told: Look | undefined;
  #latest: Look | undefined;
  #isAsked = false;
  #isBusy = false;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    void this.#look();
  }

  trigger(): void {
    this.#isAsked = true;
    if (!this.#isBusy) this.#lookIn(this.#restMs);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  get #restMs(): number {
    return this.#options.restMs ?? 250;
  }

  #lookIn(ms: number): void {
    this.#cancel();
    if (this.#isStopped) return;
    this.#cancel = this.#options.clock.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#isBusy = true;
    const seen = await this.#lookAtAll();
    const before = this.#latest;
    this.#latest = seen;
    this.#told ??= seen;
    const isResting = before === undefined || changedPaths(before, seen).length === 0;
    const changed = changedPaths(this.#told, seen);
    const isDue = isResting && (changed.length > 0 || this.#isAsked);
    if (isDue && !this.#isStopped) await this.#tell(seen, changed);
    this.#isBusy = false;
    this.#lookIn(!isResting || this.#isAsked ? this.#restMs : (this.#options.pollMs ?? 2000));
  }

  async #tell(seen: Look, changed: readonly string[]): Promise<void> {
    this.#told = seen;
    this.#isAsked = false;
    try {
      await this.#options.onChange(changed);
    } catch (error) {
      this.#options.onTrouble(error);
    }
  }

  async #lookAtAll(): Promise<Look> {
    const { paths, stat } = this.#options;
    const looks = paths.map(async (path) => [path, await look(path, stat)] as const);
    return new Map(await Promise.all(looks));
  }
}

async function look(path: string, stat: StatFile): Promise<string> {
  try {
    const { mtimeMs, size, inode, mode } = await stat(path);
    return `${mtimeMs} ${size} ${inode} ${mode ?? ''}`;
  } catch {
    return 'not there';
  }
}

function changedPaths(before: Look, after: Look): string[] {
  return [...after].filter(([path, look]) => before.get(path) !== look).map(([path]) => path);
}
