import { join } from 'node:path';
import { pluginFolders } from '../../.config/webpack/plugin-folders.ts';
import { KNOWN_WORDS as ENGLISH } from '../../src/language/known-words.ts';
import { filesFrom, KNOWN_WORDS, type Words, wordsOf } from './words.ts';

/** A generated file with the English words of one plugin. */
export interface LocaleFile {
  readonly path: string;
  readonly content: string;
}

/** One file for each plugin under `source`, at the place where Grafana looks for it. */
export function localeFiles(source: string): LocaleFile[] {
  return pluginFolders(source).map(({ id, folder, module }) => ({
    path: join(source, folder, `locales/en-US/${id}.json`),
    content: `${JSON.stringify(allWordsOf(module), null, 2)}\n`,
  }));
}

/**
 * The words of the calls of a module, and those that are data where the module reaches them. Keys stay flat: i18next
 * reads them like nested ones, and a key may have a text and be the beginning of others.
 */
function allWordsOf(module: string): Words {
  const reachesKnown = filesFrom(module).some((file) => file.endsWith(KNOWN_WORDS));
  const words = { ...wordsOf(module), ...(reachesKnown ? ENGLISH : {}) };
  return Object.fromEntries(Object.entries(words).sort(([a], [b]) => (a < b ? -1 : 1)));
}
