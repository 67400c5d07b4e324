import type { z } from 'zod';

/**
 * The vocabulary in which the schema is written: values, sections (mappings with known keys), lists of
 * sections. All of it is data, so that one description reads a file, explains its problems and prints the
 * reference.
 */
export type Option = ValueOption<unknown, unknown> | SectionOption | ListOption | EitherOption;

/** How one kind of value is written and read. */
export interface ValueType<T> {
  /** What a reader of the reference sees: `duration`, `USD`, `text`. */
  readonly name: string;
  /** What has to stand there, range included: completes the sentence "expected …". */
  readonly expects: string;
  /** Reads what YAML gave. The message of a `custom` issue becomes the hint behind "expected …". */
  readonly schema: z.ZodType<T>;
  /** True for a free mapping: taken as it stands, at any depth. */
  readonly isMapping?: boolean;
  /** True for what may hold private things: never quoted in a problem. */
  readonly isPrivate?: boolean;
}

/** Where the value comes from when the file has none. Values are as one would write them in the file. */
export type WhenAbsent =
  | { readonly default: unknown }
  /** Filled in later, because it depends on other keys; in words for the reference. */
  | { readonly fallback: string; readonly example: unknown }
  | { readonly required: true; readonly example: unknown }
  | { readonly optional: true; readonly example: unknown };

export interface ValueOption<T, Absent> {
  readonly kind: 'value';
  readonly type: ValueType<T>;
  /** One line: what it does and, where it is no plain number or text, in which unit. */
  readonly meaning: string;
  readonly absent: WhenAbsent;
  /** Only for the compiler: `undefined` where reading may end without a value. */
  readonly absentType?: Absent;
}

export interface SectionOption<O extends Options = Options> {
  readonly kind: 'section';
  readonly meaning: string;
  readonly options: O;
}

export interface ListOption<S extends SectionOption = SectionOption> {
  readonly kind: 'list';
  readonly meaning: string;
  readonly item: S;
  readonly maxItems: number;
  /** What an absent list is, as it would be written in the file. */
  readonly default: readonly unknown[];
}

/** Short form or long form: one text, or a section. Both give the same fields. */
export interface EitherOption<V extends AnyValue = AnyValue, S extends SectionOption = SectionOption> {
  readonly kind: 'either';
  readonly short: V;
  readonly long: S;
}

export type Options = Readonly<Record<string, Option>>;
type AnyValue = ValueOption<unknown, unknown>;

/** What reading gives when nothing was wrong. */
export type Settings<O> =
  O extends ValueOption<infer T, infer Absent>
    ? T | Absent
    : O extends SectionOption<infer Inner>
      ? { readonly [K in keyof Inner]: Settings<Inner[K]> }
      : O extends ListOption<infer Item>
        ? readonly Settings<Item>[]
        : O extends EitherOption<infer Short, infer Long>
          ? Settings<Short> | Settings<Long>
          : never;

/** What reading gives while there are problems: whatever was good is there, the rest is missing. */
export type Draft<O> =
  O extends ValueOption<infer T, unknown>
    ? T | undefined
    : O extends SectionOption<infer Inner>
      ? { readonly [K in keyof Inner]: Draft<Inner[K]> }
      : O extends ListOption<infer Item>
        ? readonly Draft<Item>[]
        : O extends EitherOption<infer Short, infer Long>
          ? Draft<Short> | Draft<Long>
          : never;

type MayBeAbsent<W> = W extends { optional: true } | { fallback: string } ? undefined : never;

/** One value: its type, its meaning, and what happens when it is not written. */
export function value<T, W extends WhenAbsent>(
  type: ValueType<T>,
  meaning: string,
  absent: W,
): ValueOption<T, MayBeAbsent<W>> {
  return { kind: 'value', type, meaning, absent };
}

/** A mapping with known keys. */
export function section<O extends Options>(meaning: string, options: O): SectionOption<O> {
  return { kind: 'section', meaning, options };
}
