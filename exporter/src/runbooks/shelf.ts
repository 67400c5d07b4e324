import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf } from '../domain/message-of.ts';

/** The index, which every installation of the runbooks has. */
export const INDEX = 'README';

/** The runbooks cannot be read. The message says where they should be, and what to do. */
export class RunbooksUnavailable extends Error {
  override readonly name = 'RunbooksUnavailable';
}

/** Where the runbooks stand; handed in, so that tests can take them away. */
export interface RunbookFolder {
  /** Markdown files by name without `.md`. Throws when the folder cannot be read. */
  readAll(): ReadonlyMap<string, string>;
}

/** The runbooks of the installed package fal-alert-rules, wherever a package manager has put it. */
export const installedRunbooks: RunbookFolder = {
  readAll() {
    const index = createRequire(import.meta.url).resolve(`fal-alert-rules/runbooks/${INDEX}.md`);
    const folder = dirname(index);
    const files = readdirSync(folder).filter((file) => file.endsWith('.md'));
    return new Map(files.map((file) => [file.slice(0, -3), readFileSync(join(folder, file), 'utf8')]));
  },
};

/**
 * The runbooks as Markdown. All of them are read when the first one is asked for, so a request never becomes a
 * path: a name is on the shelf, or it is not.
 */
export class RunbookShelf {
  readonly #folder: RunbookFolder;
  #texts: ReadonlyMap<string, string> | undefined;

  constructor(folder: RunbookFolder = installedRunbooks) {
    this.#folder = folder;
  }

  /** Markdown of a runbook, undefined when there is none of that name. Throws RunbooksUnavailable. */
  text(name: string): string | undefined {
    this.#texts ??= this.#read();
    return this.#texts.get(name);
  }

  #read(): ReadonlyMap<string, string> {
    try {
      return this.#folder.readAll();
    } catch (error) {
      throw new RunbooksUnavailable(
        `The runbooks cannot be read from the package fal-alert-rules (${messageOf(error)}). Install fal-exporter again with its dependencies, or read them in the repository, folder alert-rules/runbooks.`,
        { cause: error },
      );
    }
  }
}
