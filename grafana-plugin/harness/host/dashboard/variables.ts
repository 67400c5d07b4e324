import {
  ConstantVariable,
  CustomVariable,
  DataSourceVariable,
  QueryVariable,
  TextBoxVariable,
} from '@grafana/scenes';
import type { SceneVariable, VariableValue } from '@grafana/scenes';
import type { ClassicVariable } from './classic.ts';

type Given = Readonly<Record<string, string | readonly string[]>>;

type Reader = (saved: ClassicVariable, given: Given) => SceneVariable;

const READERS: Readonly<Record<string, Reader>> = {
  datasource: (saved, given) =>
    new DataSourceVariable({
      ...commonOf(saved),
      ...valueOf(saved, given),
      ...selectionOf(saved),
      pluginId: textOf(saved.query),
      regex: saved.regex ?? '',
      // As in Grafana: saved as "default" means the default one, whichever that is.
      defaultOptionEnabled: saved.current?.value === 'default',
    }),
  query: (saved, given) =>
    new QueryVariable({
      ...commonOf(saved),
      ...valueOf(saved, given),
      ...selectionOf(saved),
      datasource: saved.datasource ?? null,
      query: saved.query as QueryVariable['state']['query'],
      regex: saved.regex ?? '',
      sort: saved.sort ?? 0,
      refresh: saved.refresh ?? 1,
    }),
  custom: (saved, given) =>
    new CustomVariable({
      ...commonOf(saved),
      ...valueOf(saved, given),
      ...selectionOf(saved),
      query: textOf(saved.query),
    }),
  constant: (saved) => new ConstantVariable({ ...commonOf(saved), value: textOf(saved.query) }),
  textbox: (saved, given) =>
    new TextBoxVariable({
      ...commonOf(saved),
      value: textOf(given[saved.name] ?? saved.current?.value),
    }),
};

/** A variable of a classic dashboard as a scene has it; a value from the test wins over the saved one. */
export function variableFrom(saved: ClassicVariable, given: Given): SceneVariable {
  const reader = READERS[saved.type];
  if (reader !== undefined) return reader(saved, given);
  throw new Error(`the variable ${saved.name} has the type ${saved.type}, which the host does not know`);
}

function commonOf({ name, label = name, hide = 0 }: ClassicVariable) {
  return { name, label, hide, skipUrlSync: true };
}

function selectionOf({ multi = false, includeAll = false, allValue }: ClassicVariable): {
  isMulti: boolean;
  includeAll: boolean;
  defaultToAll: boolean;
  allValue?: string;
} {
  return {
    isMulti: multi,
    includeAll,
    defaultToAll: includeAll,
    ...(allValue !== undefined && { allValue }),
  };
}

function valueOf(
  { name, current }: ClassicVariable,
  given: Given,
): { value?: VariableValue; text?: VariableValue } {
  const chosen = given[name];
  if (chosen !== undefined) return { value: asValue(chosen), text: asValue(chosen) };
  if (current?.value === undefined) return {};
  return { value: current.value as VariableValue, text: (current.text ?? current.value) as VariableValue };
}

function asValue(value: string | readonly string[]): VariableValue {
  return typeof value === 'string' ? value : [...value];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
