/** Variables of a process; what is blank counts as not set, as OpenTelemetry has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a variable, trimmed; undefined when it is not set or blank. */
export function valueOf(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** The parts of a list that is separated by commas, each once; undefined when there is none. */
export function listOf(env: Environment, name: string): readonly string[] | undefined {
  const parts = (valueOf(env, name) ?? '').split(',').map((part) => part.trim());
  const named = new Set(parts.filter((part) => part !== ''));
  return named.size === 0 ? undefined : [...named];
}

/** Whether a variable says "true", in any case. */
export function isTrue(env: Environment, name: string): boolean {
  return valueOf(env, name)?.toLowerCase() === 'true';
}

/** A whole number within its bounds; undefined when it is not set. What is none becomes a problem, told in words. */
export function wholeNumberOf(
  env: Environment,
  name: string,
  { from, to = Number.MAX_SAFE_INTEGER }: { readonly from: number; readonly to?: number },
  problems: string[],
): number | undefined {
  const text = valueOf(env, name);
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  const bounds = to === Number.MAX_SAFE_INTEGER ? `${from} or more` : `from ${from} to ${to}`;
  problems.push(`${name}: expected a whole number, ${bounds}, and got ${quoted(text)}`);
  return undefined;
}

/** What somebody set, short enough for a line of a log. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/**
 * Runs `fn` while some variables have other values (undefined: not set); afterwards they are as they were. For
 * code that can be told by variables only. It must be synchronous, so that nobody else sees the change.
 */
export function withVariables<T>(
  env: Record<string, string | undefined>,
  values: Environment,
  fn: () => T,
): T {
  const before = Object.keys(values).map((name) => [name, env[name]] as const);
  setAll(env, Object.entries(values));
  try {
    return fn();
  } finally {
    setAll(env, before);
  }
}

function setAll(
  env: Record<string, string | undefined>,
  values: readonly (readonly [string, string | undefined])[],
): void {
  for (const [name, value] of values) {
    // The environment of a process would hold the text "undefined".
    if (value === undefined) Reflect.deleteProperty(env, name);
    else env[name] = value;
  }
}
