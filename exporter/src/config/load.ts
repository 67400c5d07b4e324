import { resolve } from 'node:path';
import { assembleConfig } from './assemble.ts';
import type { Config } from './config.ts';
import { KEY_VARIABLES } from './credentials.ts';
import { FileReader } from './file-reader.ts';
import { type ReadFile, readTextFile } from './files.ts';
import { Findings } from './findings.ts';
import { type ConfigFlags, type Env, applyOverrides, variable } from './overrides.ts';
import { privateSpans } from './private-lines.ts';
import type { Problem } from './problem.ts';
import { type Redact, createRedactor, findKeyShapes } from './redact.ts';
import { checkRules } from './rules.ts';
import { type FileDraft, type FileSettings, SCHEMA, optionNames } from './schema.ts';
import { configWarnings } from './warnings.ts';
import { type YamlSource, parseYaml } from './yaml-source.ts';

/** Read from the working directory when it is there and no other file is named. */
export const DEFAULT_CONFIG_FILE = 'fal-exporter.yml';

const MAX_CONFIG_BYTES = 1_000_000;

export interface LoadConfigOptions {
  /** The file that the user named (`--config`); must exist. Else FAL_EXPORTER_CONFIG, else the default. */
  readonly path?: string | undefined;
  readonly env: Env;
  readonly readFile: ReadFile;
  readonly cwd: string;
  readonly flags?: ConfigFlags;
}

export interface ConfigSource {
  /** As the user named it. Absent when no file was named and the default one is not there. */
  readonly file?: string | undefined;
  /** Option paths that file, environment or command line set, such as `state_dir`; the rest are defaults. */
  readonly given: ReadonlySet<string>;
}

export type LoadedConfig =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly warnings: readonly string[];
      readonly source: ConfigSource;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * The configuration from file, environment and command line, or everything that is wrong with it at once.
 * Never rejects for what a file holds; no problem shows a key or anything of a probe's input.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const { env, cwd, flags = {} } = options;
  const { path, isNamed } = configFile(options);
  const absolute = resolve(cwd, path);
  const content = await readTextFile({
    readFile: options.readFile,
    path: absolute,
    maxBytes: MAX_CONFIG_BYTES,
  });
  if (content.kind === 'unusable') {
    return refused([{ path: '', file: path, found: content.found, hint: content.hint }]);
  }
  if (content.kind === 'missing' && isNamed) {
    const hint = 'look at the path, or leave it out to run on the defaults';
    return refused([{ path: '', file: path, found: 'the file does not exist', hint }]);
  }
  const isThere = content.kind === 'text';
  const redact = createRedactor(KEY_VARIABLES.map((name) => env[name]));
  const read = readConfigText({ text: isThere ? content.text : '', file: path, redact });
  if (read.draft === undefined) return refused(read.problems);
  const over = applyOverrides(read.draft, { flags, env, cwd, shown: read.shown });
  const problems = [...read.problems, ...over.problems];
  if (problems.length > 0) return refused(problems);
  // Without problems nothing is missing: a draft then is what the schema promises.
  const settings = over.draft as FileSettings;
  const config = assembleConfig(settings, { cwd, file: isThere ? absolute : undefined });
  const source = { file: isThere ? path : undefined, given: new Set([...read.given, ...over.given]) };
  return { ok: true, config, warnings: configWarnings(settings, config), source };
}

/** The file that `loadConfig` reads, as the user named it or by default, and whether it has to exist. */
export function configFile({ path, env }: Pick<LoadConfigOptions, 'path' | 'env'>): {
  readonly path: string;
  readonly isNamed: boolean;
} {
  const named = path ?? variable('FAL_EXPORTER_CONFIG', env)?.value;
  return { path: named ?? DEFAULT_CONFIG_FILE, isNamed: named !== undefined };
}

function refused(problems: readonly Problem[]): LoadedConfig {
  return { ok: false, problems };
}

interface ConfigText {
  readonly text: string;
  readonly file: string;
  readonly redact: Redact;
}

interface ReadText {
  /** Absent when the text is no YAML, so that nothing can be said about options. */
  readonly draft?: FileDraft | undefined;
  readonly problems: readonly Problem[];
  readonly given: readonly string[];
  readonly shown: (text: string) => string;
}

function readConfigText({ text, file, redact }: ConfigText): ReadText {
  const source = parseYaml(text);
  const findings = new Findings(file, source, redact);
  const shown = (part: string): string => findings.shown(part);
  findKeys(source, findings);
  if (source.problems.length > 0) {
    for (const span of privateSpans(text, optionNames())) findings.hide(span);
    for (const problem of source.problems) findings.addSyntax(problem);
    return { problems: findings.problems(), given: [], shown };
  }
  const reader = new FileReader(source, findings);
  const draft = reader.read(SCHEMA) as FileDraft;
  for (const finding of checkRules(draft, reader.given)) findings.add(finding);
  return { draft, problems: findings.problems(), given: reader.given, shown };
}

/** Keys do not belong into a file that is copied, mailed and committed, not even in a comment or an input. */
function findKeys({ text }: YamlSource, findings: Findings): void {
  for (const span of findKeyShapes(text)) {
    const hint =
      'keys come from FAL_KEY or FAL_KEY_FILE, never from this file; revoke it if others have seen it';
    findings.addAt(span, { path: '', found: 'a text with the form of a fal key', hint });
  }
}
