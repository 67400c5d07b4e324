import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../domain/message-of.ts';
import { DrillError } from '../drill.ts';

/** The job of a drill, in the shipped prometheus.yml and in the rules. */
export const DRILL_JOB = 'fal-drill';

/** First line of the file: only a file that begins like this is ever overwritten or removed. */
const MARK = '# Written by fal-exporter drill, which removes it when it ends.';

/** The endings that Prometheus reads in file_sd_configs. */
export function isTargetFileName(path: string): boolean {
  return /\.(yml|yaml|json)$/.test(path);
}

/** What goes into the file: JSON is YAML, so one form suits every ending but .json, which takes no comment. */
export function targetFileText(target: string, path: string): string {
  const entry = JSON.stringify([{ targets: [target] }]);
  return path.endsWith('.json') ? `${entry}\n` : `${MARK}\n${entry}\n`;
}

/** What to add to a prometheus.yml that has no place for target files. */
export function jobSnippet(target: string): string {
  return `scrape_configs:\n  - job_name: ${DRILL_JOB}\n    static_configs:\n      - targets: ['${target}']\n`;
}

/** Tells Prometheus about the drill. Throws a DrillError when the file is somebody else's, or cannot be written. */
export async function writeTargetFile(path: string, target: string): Promise<void> {
  const text = targetFileText(target, path);
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present !== undefined && !isOurs(present))
    throw new DrillError(
      `${path} is there already and is not of a drill; name another file with --target-file`,
    );
  try {
    // The folder that the shipped prometheus.yml watches may not be there yet; the one around it must be.
    await mkdir(dirname(path)).catch(() => undefined);
    await writeFile(path, text);
  } catch (error) {
    throw new DrillError(`${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}

/** Takes the file away, if it is still the one that a drill wrote. */
export async function removeTargetFile(path: string): Promise<void> {
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present !== undefined && isOurs(present)) await rm(path, { force: true }).catch(() => undefined);
}

function isOurs(text: string): boolean {
  return text.startsWith(MARK) || /^\[\{"targets":\["[^"]*"\]\}\]\n$/.test(text);
}
