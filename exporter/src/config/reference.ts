import { stringify } from 'yaml';
import type { ListOption, Option, Options, SectionOption, ValueOption } from './option.ts';
import { SCHEMA } from './schema.ts';

const WIDTH = 100;

const HEAD =
  'Every option of fal-exporter with its default. Generated from the schema (npm run generate): copy what you need. ' +
  'What has no default is commented out. Keys are never written here: they come from FAL_KEY or FAL_KEY_FILE, and ' +
  'from FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE.';

/** The commented reference file: valid as it stands, and in effect the same as no file at all. */
export function configReference(): string {
  const blocks = Object.entries(SCHEMA.options).map(([name, option]) => optionLines(name, option));
  return [comment(HEAD), ...blocks].map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function optionLines(name: string, option: Option): string[] {
  switch (option.kind) {
    case 'value':
      return valueLines(name, option);
    case 'section':
      return [...comment(option.meaning), ...keysUnder(name, option)];
    case 'list':
      return listLines(name, option);
    case 'either':
      return [
        ...valueLines(name, option.short),
        ...comment(option.long.meaning),
        ...keysUnder(name, option.long).map((line) => `# ${line}`),
      ];
  }
}

/** A section all of whose keys are commented out is commented out itself. */
function keysUnder(name: string, { options }: SectionOption): string[] {
  const inner = Object.entries(options).flatMap(([key, option]) => optionLines(key, option));
  if (!inner.every((line) => line.startsWith('#'))) return [`${name}:`, ...inner.map((line) => `  ${line}`)];
  return [`# ${name}:`, ...writtenOut(options).map((line) => `#   ${line}`)];
}

function valueLines(name: string, option: ValueOption<unknown, unknown>): string[] {
  const { absent } = option;
  const line =
    'default' in absent ? `${name}: ${flow(absent.default)}` : `# ${name}: ${flow(absent.example)}`;
  return [...comment(explanation(option)), line];
}

function explanation({ type, meaning, absent }: ValueOption<unknown, unknown>): string {
  const range =
    type.isMapping === true ? '' : ` ${type.expects.slice(0, 1).toUpperCase()}${type.expects.slice(1)}.`;
  const fallback = 'fallback' in absent ? ` Default: ${absent.fallback}.` : '';
  return `${meaning}${range}${fallback}${'required' in absent ? ' Required.' : ''}`;
}

/** The default, and one item with all its keys in a comment. */
function listLines(name: string, { meaning, item, default: items }: ListOption): string[] {
  return [
    ...comment(meaning),
    items.length === 0 ? `${name}: []` : `${name}:`,
    ...items.map((entry) => `  - ${flow(entry)}`),
    '# An item with all its keys:',
    '#   -',
    ...writtenOut(item.options).map((line) => `#     ${line}`),
  ];
}

/** Every value with its meaning, none of them commented out: for what stands in a comment as a whole. */
function writtenOut(options: Options): string[] {
  return Object.entries(options).flatMap(([key, option]) => {
    if (option.kind !== 'value') return optionLines(key, option);
    const { absent } = option;
    const example = 'default' in absent ? absent.default : absent.example;
    return [...comment(explanation(option)), `${key}: ${flow(example)}`];
  });
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true }).trim();
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
