import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** English text by key, as the calls of t() write it. */
export type Words = Readonly<Record<string, string>>;

/** Where t() may come from: our own, and for texts whose values need no escaping Grafana's. */
const SOURCES_OF_T = /(^|\/)language\/translate\.ts$|^@grafana\/i18n$/;
const OWN_T = '/language/translate.ts';

/**
 * All texts that a plugin can show: those of the calls `t('key', 'English', …)` in the module `entry` and in whatever
 * it imports by a relative path. Throws, naming file and line, for a call whose key or text is no plain string, for a
 * key with two texts, and for Trans, which nothing here reads.
 */
export function wordsOf(entry: string): Words {
  const words = new Map<string, string>();
  for (const { file, source } of modulesFrom(entry)) {
    for (const { key, english, place } of callsIn(source, file)) {
      const known = words.get(key);
      if (known !== undefined && known !== english) {
        throw new Error(`${place}: the key ${key} has two texts: "${known}" and "${english}"`);
      }
      words.set(key, english);
    }
  }
  return Object.fromEntries([...words].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Absolute paths of a module and of everything that it imports by a relative path, lazily too; types left out. */
export function filesFrom(entry: string): string[] {
  return modulesFrom(entry).map(({ file }) => file);
}

interface Module {
  readonly file: string;
  readonly source: ts.SourceFile;
}

function modulesFrom(entry: string): Module[] {
  const found = new Map<string, Module>();
  const open = [resolve(entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file) || !/\.tsx?$/.test(file)) continue;
    if (!existsSync(file)) throw new Error(`${file} is imported from ${entry} and does not exist`);
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    found.set(file, { file, source });
    open.push(...importsOf(source).map((path) => resolve(dirname(file), path)));
  }
  return [...found.values()];
}

function importsOf(source: ts.SourceFile): string[] {
  const paths: string[] = [];
  visit(source, (node) => {
    const path = importedBy(node);
    if (path?.startsWith('.') === true) paths.push(path);
  });
  return paths;
}

function importedBy(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly !== true)
    return textOf(node.moduleSpecifier);
  if (ts.isExportDeclaration(node) && !node.isTypeOnly) return textOf(node.moduleSpecifier);
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? textOf(node.arguments[0]) : undefined;
}

interface Call {
  readonly key: string;
  readonly english: string;
  readonly place: string;
}

function callsIn(source: ts.SourceFile, file: string): Call[] {
  const calls: Call[] = [];
  const isOurs = importsT(source, file);
  visit(source, (node) => {
    if (!isOurs || !ts.isCallExpression(node) || node.expression.getText(source) !== 't') return;
    const place = `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
    const [key, english] = node.arguments.map(textOf);
    if (key === undefined || english === undefined) {
      throw new Error(
        `${place}: t() wants a key and an English text as plain strings, got ${node.getText(source)}`,
      );
    }
    calls.push({ key, english, place });
  });
  return calls;
}

function importsT(source: ts.SourceFile, file: string): boolean {
  let found = false;
  visit(source, (node) => {
    if (!ts.isImportDeclaration(node)) return;
    const path = textOf(node.moduleSpecifier) ?? '';
    const bindings = node.importClause?.namedBindings;
    const names = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : undefined;
    if (!SOURCES_OF_T.test(path) || names === undefined) return;
    if (names.some(({ name }) => name.text === 'Trans')) throw new Error(`${file}: use t() instead of Trans`);
    // The wrapper itself calls Grafana's with variables, and known-words.ts lists its words itself.
    found ||=
      names.some(({ name }) => name.text === 't') && !file.endsWith(OWN_T) && !file.endsWith(KNOWN_WORDS);
  });
  return found;
}

/** The module whose words are data and not calls. */
export const KNOWN_WORDS = '/language/known-words.ts';

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}
