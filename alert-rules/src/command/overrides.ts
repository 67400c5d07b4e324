import { isAbsolute, join } from 'node:path';
import { parseOverrides } from '../overrides/parse-overrides.ts';
import { problemsText } from '../overrides/problem.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import type { CommandIo } from './io.ts';

/** What the command was asked for cannot be done; the message says what to try. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

/** The settings of an override file, or the defaults without one. Throws Unusable with every problem of the file. */
export function settingsFrom(fileName: string | undefined, { cwd, files }: CommandIo): Settings {
  if (fileName === undefined) return defaultSettings();
  const parsed = parseOverrides(readText(absolute(fileName, cwd), fileName, files), fileName);
  if ('problems' in parsed) throw new Unusable(problemsText(parsed.problems).trimEnd());
  return parsed.settings;
}

function readText(path: string, fileName: string, files: CommandIo['files']): string {
  let text: string | undefined;
  try {
    text = files.read(path);
  } catch (error) {
    throw new Unusable(`cannot read the override file ${fileName}: ${messageOf(error)}`, { cause: error });
  }
  if (text !== undefined) return text;
  throw new Unusable(
    `cannot find the override file ${fileName}; copy fal-alerts.example.yml and keep what you change`,
  );
}

export function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : join(cwd, path);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
