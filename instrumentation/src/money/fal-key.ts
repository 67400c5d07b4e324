/** Gives the key to ask with, anew at each call, so that a rotated key is taken up. Undefined: there is none. */
export type KeySource = () => string | undefined;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The key as the fal client reads it: `FAL_KEY`, else `FAL_KEY_ID` and `FAL_KEY_SECRET`. */
export function falKeyOf(env: Environment = ownEnvironment()): string | undefined {
  const { FAL_KEY: key, FAL_KEY_ID: id, FAL_KEY_SECRET: secret } = env;
  if (key) return key;
  return id && secret ? `${id}:${secret}` : undefined;
}

/**
 * The key without blanks around it. Undefined when nothing is left, or when no header could carry it: a runtime
 * quotes a header that it refuses, and so the key, in its error.
 */
export function headerSafe(key: unknown): string | undefined {
  const text = typeof key === 'string' ? key.trim() : '';
  return /^[\x21-\x7e]+$/.test(text) ? text : undefined;
}

/** Edge runtimes and browsers have no `process`. */
function ownEnvironment(): Environment {
  const { process } = globalThis as { process?: { env?: Environment } };
  return process?.env ?? {};
}
