import { readdirSync, readFileSync } from 'node:fs';
import { lexer, type MarkedToken, type Token } from 'marked';

/** A runbook as its reader sees it. Line breaks in prose are spaces. */
export interface RunbookPage {
  /** The file without `.md`. */
  readonly name: string;
  readonly text: string;
  readonly lines: number;
  readonly title: string;
  /** Paragraphs before the first heading below the title. */
  readonly opening: readonly string[];
  readonly sections: readonly Section[];
  readonly links: readonly string[];
  /** Pieces of inline code, with the heading that they stand under. */
  readonly words: readonly string[];
  readonly queries: readonly string[];
}

export interface Section {
  readonly heading: string;
  readonly text: string;
  readonly queries: readonly string[];
}

const FOLDER = new URL('../runbooks/', import.meta.url);

/** Every page of the folder, the index among them. */
export function readRunbooks(): readonly RunbookPage[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md'))
    .map((file) => runbookPage(file.slice(0, -3), readFileSync(new URL(file, FOLDER), 'utf8')));
}

export function runbookPage(name: string, text: string): RunbookPage {
  const tokens = lexer(text) as readonly MarkedToken[];
  const heads = tokens.flatMap((token, at) => (token.type === 'heading' && token.depth === 2 ? [at] : []));
  const all = inside(tokens);
  return {
    ...{ name, text, lines: text.trimEnd().split('\n').length },
    title: tokens[0]?.type === 'heading' && tokens[0].depth === 1 ? tokens[0].text : '',
    opening: tokens
      .slice(0, heads[0])
      .flatMap((token) => (token.type === 'paragraph' ? [oneLine(token.text)] : [])),
    sections: heads.map((at, index) => sectionOf(tokens.slice(at, heads[index + 1]))),
    links: all.flatMap((token) => (token.type === 'link' ? [token.href] : [])),
    words: all.flatMap((token) => (token.type === 'codespan' ? [oneLine(token.text)] : [])),
    queries: queriesIn(all),
  };
}

function sectionOf([head, ...rest]: readonly MarkedToken[]): Section {
  return {
    heading: head?.type === 'heading' ? head.text : '',
    text: oneLine(rest.map(({ raw }) => raw).join('')),
    queries: queriesIn(inside(rest)),
  };
}

function queriesIn(tokens: readonly MarkedToken[]): string[] {
  return tokens.flatMap((token) => (token.type === 'code' && token.lang === 'promql' ? [token.text] : []));
}

/** A token and all that it is made of. */
function inside(tokens: readonly Token[]): MarkedToken[] {
  return (tokens as readonly MarkedToken[]).flatMap((token) => [token, ...inside(partsOf(token))]);
}

function partsOf(token: MarkedToken): readonly Token[] {
  if (token.type === 'list') return token.items;
  if (token.type === 'table') return [...token.header, ...token.rows.flat()].flatMap(({ tokens }) => tokens);
  return 'tokens' in token ? (token.tokens ?? []) : [];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
