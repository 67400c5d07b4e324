import type { Trouble } from '../../reading/wanted.ts';
import type { Arranged } from './order.ts';
import type { Row } from './row.ts';

/** Something that a person should know about what is shown, although there is something to show. */
export type Notice =
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'capped'; readonly shown: number; readonly total: number }
  | { readonly kind: 'p95_unit'; readonly unit: string };

export interface Shown {
  readonly rows: readonly Row[];
  readonly arranged: Arranged;
  readonly troubles: readonly Trouble[];
  readonly errors: readonly string[];
}

export function noticesOf({ rows, arranged, troubles, errors }: Shown): Notice[] {
  const odd = rows.flatMap(({ latency }) =>
    latency !== undefined && latency.seconds === undefined ? (latency.p95.field.config.unit ?? []) : [],
  );
  return [
    ...[...new Set(errors)].map((message) => ({ kind: 'error' as const, message })),
    ...troubles.map((trouble) => ({ kind: 'trouble' as const, trouble })),
    ...[...new Set(odd)].map((unit) => ({ kind: 'p95_unit' as const, unit })),
    ...(arranged.shown < arranged.total
      ? [{ kind: 'capped' as const, shown: arranged.shown, total: arranged.total }]
      : []),
  ];
}
