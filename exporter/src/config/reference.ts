import type { ListOption, Option, SectionOption, ValueOption, WhenAbsent } from './option.ts';
import { SCHEMA } from './schema.ts';

const WIDTH = 100;

const HEAD = [
  'Every option of fal-exporter with its default. Generated from the schema: do not edit, copy what you need.',
  'What has no default, and the second form of an option, is commented out.',
  'Keys are never written here: they come from FAL_KEY or FAL_KEY_FILE, and FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE.',
];

/** The commented reference file: valid as it stands, and the same as no file at all. */
export function configReference(): string {
  const lines = [...HEAD.flatMap((line) => comment(line)), ...sectionLines(SCHEMA)];
  return `${lines.join('\n')}\n`;
}

function sectionLines({ options }: SectionOption): string[] {
  return Object.entries(options).flatMap(([name, option]) => ['', ...optionLines(name, option)]);
}

function optionLines(name: string, option: Option): string[] {
  switch (option.kind) {
    case 'value':
      return valueLines(name, option);
    case 'section':
      return [...comment(option.meaning), ...namedSection(name, option)];
    case 'list':
      return listLines(name, option);
    case 'either':
      return [
        ...valueLines(name, option.short),
        ...comment(`Or: ${option.long.meaning}`),
        ...namedSection(name, option.long).map((line) => (line.startsWith('#') ? line : `# ${line}`)),
      ];
  }
}

/** A section all of whose keys are commented out is commented out itself. */
function namedSection(name: string, { options }: SectionOption): string[] {
  const inner = Object.entries(options).flatMap(([key, option]) => optionLines(key, option));
  const isEmpty = inner.every((line) => line.startsWith('#'));
  return [`${isEmpty ? '# ' : ''}${name}:`, ...indented(inner)];
}

function valueLines(name: string, { type, meaning, absent }: ValueOption<unknown, unknown>): string[] {
  const range = type.isMapping === true ? [] : comment(`${capital(type.expects)}.`);
  return [...comment(meaning), ...range, ...written(name, absent)];
}

function written(name: string, absent: WhenAbsent): string[] {
  if ('default' in absent) return [`${name}: ${flow(absent.default)}`];
  if ('fallback' in absent) return [`# ${name}: ${absent.fallback}`];
  return [`# ${name}: ${flow(absent.example)}`];
}

/** The default, and an item with all its keys in a comment. */
function listLines(name: string, { meaning, item, default: items }: ListOption): string[] {
  const inner = Object.entries(item.options).flatMap(([key, option]) => optionLines(key, option));
  const keys = inner.map((line) => line.replace(/^# (?=\w+: )/, ''));
  return [
    ...comment(meaning),
    items.length === 0 ? `${name}: []` : `${name}:`,
    ...items.map((entry) => `  - ${flow(entry)}`),
    ...comment(`Each item: ${item.meaning}`),
    ...keys.map((line) => line),
  ];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function flow(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Comment lines of at most about 100 characters. */
function comment(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + word.length >= WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
