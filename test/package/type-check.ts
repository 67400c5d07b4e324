import { join } from 'node:path';
import ts from 'typescript';
import { REPOSITORY } from './npm.ts';

/** A project of a TypeScript user: how it finds packages, and what it knows of its runtime. */
export interface TypeScriptProject {
  readonly resolution: 'nodenext' | 'node16' | 'bundler';
  /** Names as in tsconfig.json: `es2024`, `dom`. */
  readonly lib: readonly string[];
  /** Packages of global types; none for a runtime that is neither Node nor a browser. */
  readonly types: readonly string[];
  readonly files: readonly string[];
}

const OURS = '/node_modules/opentelemetry-instrumentation-fal/';

/**
 * What the compiler says of the user's files and of every declaration of ours that they reach, as it would with
 * `skipLibCheck: false`; empty when all is well. Declarations of others are read, and not judged: that takes
 * seconds, and is not about us.
 */
export function typeCheck(folder: string, project: TypeScriptProject): string {
  const options = optionsOf(project);
  const program = ts.createProgram({
    rootNames: project.files.map((file) => join(folder, file)),
    options,
    host: rememberingHost(options),
  });
  const judged = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes(OURS) || !fileName.includes('/node_modules/'));
  if (!judged.some(({ fileName }) => fileName.includes(OURS)))
    throw new Error(`checking types in ${folder}: the project reaches no declaration of our package`);
  const problems = [
    ...program.getOptionsDiagnostics(),
    ...judged.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ];
  return ts.formatDiagnostics(problems, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => '\n',
  });
}

function optionsOf({ resolution, lib, types }: TypeScriptProject): ts.CompilerOptions {
  const asWritten = {
    noEmit: true,
    target: 'es2022',
    module: resolution === 'bundler' ? 'preserve' : resolution,
    moduleResolution: resolution,
    lib,
    types,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    typeRoots: [join(REPOSITORY, 'node_modules', '@types')],
  };
  const { options, errors } = ts.convertCompilerOptionsFromJson(asWritten, REPOSITORY);
  const [error] = errors;
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return options;
}

const remembered = new Map<string, ts.SourceFile>();

/** The declarations of the language and of Node are the same for every project, and half of the time goes there. */
function rememberingHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    getSourceFile(name, how, ...rest) {
      if (!/\/node_modules\/(typescript\/lib|@types)\//.test(name))
        return host.getSourceFile(name, how, ...rest);
      const format = typeof how === 'object' ? how.impliedNodeFormat : undefined;
      const key = `${format} ${name}`;
      const file = remembered.get(key) ?? host.getSourceFile(name, how, ...rest);
      if (file !== undefined) remembered.set(key, file);
      return file;
    },
  };
}
