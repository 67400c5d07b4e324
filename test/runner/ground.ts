/**
 * Unit tests share a worker and, with it, the modules and globals of the files before them: a process for each file
 * costs more than most of the tests. So a file must leave the ground as it found it.
 */
export interface Ground {
  /** What a test may put another thing in place of, by name. */
  readonly things: ReadonlyMap<string, unknown>;
}

const GLOBALS = [
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'queueMicrotask'],
  ...['Date', 'performance', 'console', 'fetch', 'WebSocket', 'process'],
] as const;
const EVENTS = ['unhandledRejection', 'uncaughtException', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What is there now. `otherwise` adds what only the caller knows how to see. */
export function groundNow(otherwise: Readonly<Record<string, unknown>> = {}): Ground {
  const scope = globalThis as Readonly<Record<string, unknown>>;
  return {
    things: new Map<string, unknown>([
      ...GLOBALS.map((name) => [`globalThis.${name}`, scope[name]] as const),
      ...EVENTS.map((event) => [`listeners for ${event}`, process.listenerCount(event)] as const),
      ...Object.entries(process.env).map(([name, value]) => [`process.env.${name}`, value] as const),
      ['working directory', process.cwd()],
      ...Object.entries(otherwise),
    ]),
  };
}

/** Names of what is not as it was. */
export function changesOf(before: Ground, after: Ground): string[] {
  const names = new Set([...before.things.keys(), ...after.things.keys()]);
  return [...names].filter((name) => !Object.is(before.things.get(name), after.things.get(name)));
}
