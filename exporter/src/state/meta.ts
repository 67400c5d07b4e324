import { type StateDatabase, textIn } from './state-database.ts';

/** Small facts of other parts, such as a billing cursor. Keys of the exporter's parts, never keys to fal. */
export class Meta {
  readonly #database: StateDatabase;

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  get(key: string): string | undefined {
    const row = this.#database.get('SELECT value FROM meta WHERE key = ?', stored(key));
    return row && textIn(row, 'value');
  }

  set(key: string, value: string): void {
    this.#database.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', stored(key), value);
  }

  delete(key: string): void {
    this.#database.run('DELETE FROM meta WHERE key = ?', stored(key));
  }
}

/** A name space of its own: nobody overwrites the schema version or the note of a recovery by accident. */
function stored(key: string): string {
  return `part:${key}`;
}
