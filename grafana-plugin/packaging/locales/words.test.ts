import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localeFiles } from './locale-file.ts';
import { filesFrom, wordsOf } from './words.ts';

describe('wordsOf', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fal-words-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function module(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  const IMPORT = "import { t } from '@grafana/i18n';\n";

  it('finds the texts of a module and of what it imports, lazily as well, but no types', () => {
    module('lazy.tsx', `${IMPORT}t('c', 'C {{x}}', { x: 1 });`);
    module('types.ts', `${IMPORT}t('never', 'Never');`);
    module('other.ts', `${IMPORT}import('./lazy.tsx'); t('b.x', \`B\`);`);
    const entry = module(
      'entry.ts',
      `${IMPORT}import './other.ts'; import type { X } from './types.ts'; t('a', 'A');`,
    );
    expect(wordsOf(entry)).toEqual({ a: 'A', 'b.x': 'B', c: 'C {{x}}' });
    expect(filesFrom(entry)).toHaveLength(3);
  });

  it('leaves other functions of that name alone', () => {
    expect(wordsOf(module('entry.ts', 'const t = (x: number) => x; t(1);'))).toEqual({});
  });

  it.each([
    ['a key that is no literal', 't(key, "x")', 'wants a key and an English text as plain strings'],
    ['a text that is put together', "t('a', 'x' + y)", 'wants a key and an English text as plain strings'],
    ['two texts for one key', "t('a', 'x'); t('a', 'y')", 'the key a has two texts'],
  ])('refuses %s, and says where', (_, code, message) => {
    expect(() => wordsOf(module('entry.ts', IMPORT + code))).toThrow(message);
    expect(() => wordsOf(join(folder, 'entry.ts'))).toThrow('entry.ts');
  });

  it('refuses Trans, and imports that lead nowhere', () => {
    expect(() => wordsOf(module('a.tsx', "import { Trans } from '@grafana/i18n';"))).toThrow('use t()');
    expect(() => wordsOf(module('b.ts', "import './gone.ts';"))).toThrow('does not exist');
  });
});

describe('locales/en-US', () => {
  const files = localeFiles(resolve(import.meta.dirname, '../../src'));

  it.each(files.map((file) => [file.path.replace(/.*\//, ''), file] as const))(
    'agrees with the calls of t() in %s; otherwise run: npm run locales in grafana-plugin',
    (_, { path, content }) => expect(readFileSync(path, 'utf8')).toBe(content),
  );

  it('holds the words that dashboards and exporter share with the app', () => {
    const app = files.find(({ path }) => path.endsWith('falobs-fal-app.json'));
    expect(JSON.parse(app?.content ?? '{}')).toMatchObject({
      'verdict.app.short': 'Your app',
      'set-up.copy': 'Copy',
    });
  });
});
