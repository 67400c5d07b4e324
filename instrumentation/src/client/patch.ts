/** Marks what we have wrapped, in whatever copy of this package did it. */
const WRAPPED = Symbol.for('opentelemetry-instrumentation-fal.wrapped');

export type Method = (this: unknown, ...args: never[]) => unknown;

/** Makes the function that stands before a method of the client. */
export type Wrapper = (original: Method) => Method;

/** The function that a wrapper of ours stands before, or undefined when `value` is none of ours. */
export function originalOf(value: unknown): Method | undefined {
  if (typeof value !== 'function') return undefined;
  return (value as { readonly [WRAPPED]?: Method })[WRAPPED];
}

/** Marks `wrapper` as ours and gives it the name and length of the function that it stands before. */
export function asWrapperOf<F extends Method>(original: F, wrapper: F): F {
  Object.defineProperties(wrapper, {
    [WRAPPED]: { value: original },
    name: { value: original.name, configurable: true },
    length: { value: original.length, configurable: true },
  });
  return wrapper;
}

/**
 * Puts a wrapper in the place of a method, once: a method that is wrapped already, missing or not to be replaced
 * stays as it is. Returns whether the method is wrapped now.
 */
export function wrapMethod(target: unknown, name: string, wrap: Wrapper): boolean {
  if ((typeof target !== 'object' && typeof target !== 'function') || target === null) return false;
  const holder = target as Record<string, unknown>;
  const original = holder[name];
  if (typeof original !== 'function') return false;
  if (originalOf(original) !== undefined) return true;
  const wrapper = asWrapperOf(original as Method, wrap(original as Method));
  return put(holder, name, wrapper);
}

/** Replaces a method where that is possible, and leaves it as visible as it was. */
function put(holder: Record<string, unknown>, name: string, value: Method): boolean {
  const { enumerable = true } = Object.getOwnPropertyDescriptor(holder, name) ?? {};
  return Reflect.defineProperty(holder, name, { value, writable: true, configurable: true, enumerable });
}

/** Takes our wrapper off a method again. */
export function unwrapMethod(target: unknown, name: string): void {
  const holder = target as Record<string, unknown> | null | undefined;
  const original = originalOf(holder?.[name]);
  if (holder === null || holder === undefined || original === undefined) return;
  put(holder, name, original);
}
