import { readFileSync, writeFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';

const ROOT = dirname(import.meta.dirname);

export interface MeasuredTable {
  /** From the root of the repository. */
  readonly file: string;
  /** The table stands between `<!-- marker:begin -->` and `<!-- marker:end -->`. */
  readonly marker: string;
  readonly markdown: string;
}

/**
 * A table of measurements that a document shows is written by the run that measured it: compares the committed text
 * with what came out now, or puts it there when the environment variable UPDATE_TABLES is 1. Throws an Error that
 * says so when they differ or a marker is missing. Only for what comes out the same at every run.
 */
export async function compareOrWrite(
  { file, marker, markdown }: MeasuredTable,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const path = join(ROOT, file);
  const text = readFileSync(path, 'utf8');
  const { before, now, after } = split(text, file, marker);
  const pretty = await format(markdown, { ...(await resolveConfig(path)), parser: 'markdown' });
  const wanted = `\n\n${pretty.trim()}\n\n`;
  if (now === wanted) return;
  if (env.UPDATE_TABLES !== '1') throw new Error(differenceWords(file, marker, now, wanted));
  writeFileSync(path, `${before}${wanted}${after}`);
}

interface Parts {
  /** Up to and with the first marker. */
  readonly before: string;
  readonly now: string;
  readonly after: string;
}

function split(text: string, file: string, marker: string): Parts {
  const begin = `<!-- ${marker}:begin -->`;
  const end = `<!-- ${marker}:end -->`;
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end, from);
  if (!text.includes(begin) || to < 0) {
    throw new Error(
      `${file} has no place for the table "${marker}": expected a line ${begin} and, below it, ${end}`,
    );
  }
  return { before: text.slice(0, from), now: text.slice(from, to), after: text.slice(to) };
}

function differenceWords(file: string, marker: string, now: string, wanted: string): string {
  const old = now.trim().split('\n');
  const fresh = wanted.trim().split('\n');
  const at = fresh.findIndex((line, index) => line !== old[index]);
  const line = at < 0 ? fresh.length : at;
  return [
    `the table "${marker}" of ${file} is not what this run measured; first difference in its line ${line + 1}:`,
    `  committed: ${old[line] ?? '(nothing)'}`,
    `  measured:  ${fresh[line] ?? '(nothing)'}`,
    'When the change is meant, run the same test again with UPDATE_TABLES=1 and commit the file.',
  ].join('\n');
}
