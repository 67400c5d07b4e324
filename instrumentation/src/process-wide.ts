/**
 * One thing per process however many copies of this package are loaded: a bundler, or `require` beside `import`,
 * makes a second copy, and what is set through one must be seen through the other. Made at its first use.
 *
 * @param name changes whenever the shape of the thing does, so that two versions never share it.
 */
export function processWide<T>(name: string, create: () => T): T {
  const key = Symbol.for(`opentelemetry-instrumentation-fal/${name}`);
  const globals = globalThis as unknown as Record<symbol, T | undefined>;
  const known = globals[key];
  if (known !== undefined) return known;
  const made = create();
  // Says no, rather than throws, where the globals are frozen; then each copy has its own.
  Reflect.defineProperty(globals, key, { value: made });
  return made;
}
