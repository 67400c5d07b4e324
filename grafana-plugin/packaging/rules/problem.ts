/** What is wrong with a package, and in which file of it. */
export interface Problem {
  readonly file: string;
  readonly problem: string;
}

export function problem(file: string, words: string): Problem {
  return { file, problem: words };
}

/** The value as something with fields; an empty one where it is none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** The value as a list; an empty one where it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
