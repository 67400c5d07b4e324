import { type Check, checked, onlyKnown } from './check.ts';

/** One field that can be changed. */
export interface Field<T> {
  /** Checks a value and gives what puts it in force. @throws ControlRefusal that names the field. */
  readonly prepare: (name: string, value: unknown, target: T) => () => void;
}

export type Patch<T> = Readonly<Record<string, Field<T>>>;

export function field<T, V>(check: Check<V>, apply: (target: T, value: V) => void): Field<T> {
  return {
    prepare: (name, value, target) => {
      const good = checked(name, value, check);
      return () => apply(target, good);
    },
  };
}

/** Changes all fields of a body, or none when one of them is bad. @throws ControlRefusal that names it. */
export function applyPatch<T>(patch: Patch<T>, target: T, body: Readonly<Record<string, unknown>>): void {
  onlyKnown(Object.keys(body), Object.keys(patch));
  const changes = Object.entries(body).map(([name, value]) => patch[name]?.prepare(name, value, target));
  for (const change of changes) change?.();
}
