import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import type { Entry } from './manifest.ts';

export interface DeclarationOptions {
  /** The folder of package.json; the compiler's settings are those of the repository above it. */
  readonly root: string;
  readonly out: string;
  readonly entries: readonly Entry[];
}

/**
 * Writes the types of the entries, and of what these name, beside the code of both formats. The text is the same:
 * the nearest package.json says which format a declaration file speaks of. Throws on any type error.
 */
export function writeDeclarations({ root, out, entries }: DeclarationOptions): void {
  const sources = join(root, 'src');
  const program = ts.createProgram(
    entries.map(({ source }) => join(root, source)),
    {
      ...compilerOptions(dirname(root)),
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: sources,
      outDir: sources,
    },
  );
  const emitted = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => emitted.set(relative(sources, path), text));
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(`writing declarations:\n${told(problems)}`);
  for (const path of reachedFrom(entries, emitted)) {
    for (const format of ['esm', 'cjs']) writeInto(join(out, format, path), emitted.get(path) ?? '');
  }
}

/** The other declarations are about our insides: nobody can come to them. */
function reachedFrom(entries: readonly Entry[], emitted: ReadonlyMap<string, string>): ReadonlySet<string> {
  const reached = new Set(entries.map(({ name }) => `${name}.d.ts`));
  for (const path of reached) {
    const text = emitted.get(path);
    if (text === undefined) throw new Error(`writing declarations: ${path} is named and was not written`);
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (fileName.startsWith('.')) reached.add(join(dirname(path), fileName.replace(/\.ts$/, '.d.ts')));
    }
  }
  return reached;
}

function writeInto(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function compilerOptions(repository: string): ts.CompilerOptions {
  const file = join(repository, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as {
    readonly config?: { readonly compilerOptions: object };
    readonly error?: ts.Diagnostic;
  };
  const { options, errors } = ts.convertCompilerOptionsFromJson(config?.compilerOptions ?? {}, repository);
  const problems = error === undefined ? errors : [error, ...errors];
  if (problems.length > 0) throw new Error(`reading ${file}:\n${told(problems)}`);
  return options;
}

function told(problems: readonly ts.Diagnostic[]): string {
  return ts.formatDiagnostics(problems, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => ts.sys.getCurrentDirectory(),
    getNewLine: () => '\n',
  });
}
