import type { DiagLogger } from '@opentelemetry/api';
import { PACKAGE_NAME } from '../version.ts';

/** Warnings that are given once. */
export class OnceWarnings {
  readonly #log: Pick<DiagLogger, 'warn'>;
  readonly #given = new Set<string>();

  constructor(log: Pick<DiagLogger, 'warn'>) {
    this.#log = log;
  }

  /** @param about tells the warnings apart, whatever their wording. */
  warn(about: string, message: string): void {
    if (this.#given.has(about)) return;
    this.#given.add(about);
    try {
      this.#log.warn(`${PACKAGE_NAME}: ${message}`);
    } catch {
      // A logger that fails cannot be told so.
    }
  }
}
