import { flushCompileCache } from 'node:module';

/** Set for the second start, so that there is never a third. */
const MARK = 'FAL_EXPORTER_RELAUNCHED';

/**
 * On the very first start the sources have just been stripped of their types by a compiler that stays in memory
 * for good (about 25 MB). They are in the compile cache now, so a long-running command starts once more in the
 * same process and finds them there. Does nothing where that is not so or not possible.
 */
export function relaunchWhenCold(): void {
  const loaded = (process as { readonly moduleLoadList?: readonly string[] }).moduleLoadList ?? [];
  const isCold = loaded.some((name) => name.includes('internal/deps/amaro'));
  if (!isCold || process.env[MARK] !== undefined || process.platform === 'win32') return;
  if (typeof process.execve !== 'function') return;
  flushCompileCache();
  const [, ...args] = process.argv;
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...args], {
    ...process.env,
    [MARK]: '1',
  });
}
