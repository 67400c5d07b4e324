import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compareOrWrite } from './measured-table.ts';

const ROOT = dirname(import.meta.dirname);
const TABLE = '| a | b |\n|---|---|\n| 1 | 22222 |\n';

describe('a measured table', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'measured-table-'));
    file = relative(ROOT, join(folder, 'README.md'));
    writeFileSync(join(folder, 'README.md'), '# Title\n\n<!-- t:begin -->\n<!-- t:end -->\n\nAfter.\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (markdown: string): Promise<void> =>
    compareOrWrite({ file, marker: 't', markdown }, { UPDATE_TABLES: '1' });
  const compare = (markdown: string): Promise<void> => compareOrWrite({ file, marker: 't', markdown }, {});

  test('is written between its markers, tidied, and nothing else is touched', async () => {
    await write(TABLE);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe(
      '# Title\n\n<!-- t:begin -->\n\n| a   | b     |\n| --- | ----- |\n| 1   | 22222 |\n\n<!-- t:end -->\n\nAfter.\n',
    );
    await expect(compare(TABLE)).resolves.toBeUndefined();
  });

  test('that differs from the committed one is refused with the line and the way to update it', async () => {
    await write(TABLE);
    await expect(compare(TABLE.replace('22222', '33333'))).rejects.toThrow(
      /first difference in its line 3:\n.*22222.*\n.*33333.*\n.*UPDATE_TABLES=1/,
    );
    await expect(compare(`${TABLE}| 3 | 4 |\n`)).rejects.toThrow(/committed: \(nothing\)/);
  });

  test('without markers to stand between is refused', async () => {
    await expect(compareOrWrite({ file, marker: 'other', markdown: TABLE }, {})).rejects.toThrow(
      /<!-- other:begin -->/,
    );
  });
});
