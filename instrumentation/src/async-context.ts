/** A value that the code inside `run` sees, across its awaits, timers and callbacks where the runtime can. */
export interface AsyncSlot<T> {
  /** Runs `fn` with `value` in the slot; returns and throws exactly what `fn` does. */
  run<R>(value: T, fn: () => R): R;
  /** The value of the innermost `run` that the caller is inside of, if any. */
  get(): T | undefined;
}

/** What we need of Node's `AsyncLocalStorage`, told by shape so that no runtime's types are needed. */
export interface AsyncStorage<T> {
  run<R>(store: T, callback: () => R): R;
  getStore(): T | undefined;
}

export interface AsyncStorageClass {
  new <T>(): AsyncStorage<T>;
  /** Absent in old runtimes. */
  readonly snapshot?: (() => <R>(fn: () => R) => R) | undefined;
}

/** Where a runtime may keep the class: behind a built-in module, or, as edge runtimes do, among the globals. */
export interface AsyncRuntime {
  readonly process?: { readonly getBuiltinModule?: unknown } | undefined;
  readonly AsyncLocalStorage?: unknown;
}

/**
 * The runtime's `AsyncLocalStorage`, found without an import, so that a bundle for a browser or an edge runtime
 * needs no stand-in for `node:async_hooks`. Undefined where there is none; never throws.
 */
export function asyncLocalStorage(runtime: AsyncRuntime = globalThis): AsyncStorageClass | undefined {
  return asClass(ofBuiltIn(runtime.process)) ?? asClass(runtime.AsyncLocalStorage);
}

function ofBuiltIn(process: AsyncRuntime['process']): unknown {
  const load = process?.getBuiltinModule;
  if (typeof load !== 'function') return undefined;
  try {
    const module = Reflect.apply(load, process, ['node:async_hooks']) as Record<string, unknown> | undefined;
    return module?.AsyncLocalStorage;
  } catch {
    return undefined;
  }
}

function asClass(found: unknown): AsyncStorageClass | undefined {
  return typeof found === 'function' ? (found as AsyncStorageClass) : undefined;
}

/**
 * A slot of its own. Without a storage class (browsers, old edge runtimes) only the part of `fn` that runs before
 * its first await sees the value; what follows sees none, which is unknown, never somebody else's value.
 */
export function createAsyncSlot<T>(
  storageClass: AsyncStorageClass | undefined = asyncLocalStorage(),
): AsyncSlot<T> {
  if (storageClass === undefined) return createSyncSlot<T>();
  const storage = new storageClass<T>();
  return {
    run: (value, fn) => storage.run(value, fn),
    get: () => storage.getStore(),
  };
}

/** The slot that is empty again as soon as the synchronous part of `fn` is over. */
export function createSyncSlot<T>(): AsyncSlot<T> {
  let current: T | undefined;
  return {
    run(value, fn) {
      const outer = current;
      current = value;
      try {
        return fn();
      } finally {
        current = outer;
      }
    },
    get: () => current,
  };
}

/**
 * Remembers the async context of the caller; what it returns runs functions in that context. Background work that
 * a request happens to start must not stay in the request's context: it would be taken for a part of the request,
 * and its timers would keep everything that the context holds alive.
 */
export function captureAsyncContext(
  storageClass: AsyncStorageClass | undefined = asyncLocalStorage(),
): <R>(fn: () => R) => R {
  return storageClass?.snapshot?.() ?? ((fn) => fn());
}
