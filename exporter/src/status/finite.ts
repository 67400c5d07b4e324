/** A number that can be shown, or nothing. */
export function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** The numbers of a record that can be shown. */
export function finiteRecord<K extends string>(
  record: Readonly<Partial<Record<K, number>>>,
): Readonly<Partial<Record<K, number>>> {
  const entries = Object.entries(record).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(entries) as Partial<Record<K, number>>;
}
