import type { SelectFieldConfigSettings } from '@grafana/data';

/** What the editor of an option offers: all its values, by their labels and in this order. */
export function choicesOf<Value extends string>(
  labels: Readonly<Record<Value, string>>,
): SelectFieldConfigSettings<Value> {
  const values = Object.keys(labels) as Value[];
  return { options: values.map((value) => ({ value, label: labels[value] })) };
}

/** The editor of several choices has one type for a choice and for all that are chosen. */
export type SeveralChoices<Value> = SelectFieldConfigSettings<Value | Value[]>;

/** What the editor of a list offers to be in it, in this order. */
export function severalOf<Value>(
  values: readonly Value[],
  labelOf: (value: Value) => string,
): SeveralChoices<Value> {
  return { options: values.map((value) => ({ value, label: labelOf(value) })) };
}
