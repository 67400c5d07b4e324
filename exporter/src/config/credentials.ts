import type { Credentials } from './config.ts';
import { type ReadFile, type StatFile, readTextFile } from './files.ts';
import { type Env, variable } from './overrides.ts';
import type { Problem } from './problem.ts';

/** Every variable that may hold a key or a part of one, so that whoever prints can take it out. */
export const KEY_VARIABLES = ['FAL_KEY', 'FAL_KEY_ID', 'FAL_KEY_SECRET', 'FAL_ADMIN_KEY'] as const;

const MAX_KEY_BYTES = 10_000;
const KEY_FORM = 'a key of the form <key_id>:<key_secret>, as fal.ai/dashboard/keys shows it once';

export interface LoadCredentialsOptions {
  readonly env: Env;
  readonly readFile: ReadFile;
  readonly stat: StatFile;
}

export type LoadedCredentials =
  | {
      readonly ok: true;
      readonly credentials: Credentials;
      readonly warnings: readonly string[];
      /** False only when no key variable is set at all: then, and only then, the demo is meant. */
      readonly hasKey: boolean;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * The keys from `FAL_KEY` or `FAL_KEY_FILE` (or fal's own pair `FAL_KEY_ID` and `FAL_KEY_SECRET`), and from
 * `FAL_ADMIN_KEY` or `FAL_ADMIN_KEY_FILE`. An empty variable counts as not set, because Compose passes empty
 * texts for unset variables; an empty file is a problem. A malformed key is a problem and never a reason for
 * the demo. No problem holds a key or a part of one.
 */
export async function loadCredentials(options: LoadCredentialsOptions): Promise<LoadedCredentials> {
  const [key, adminKey] = await Promise.all([
    readKey('FAL_KEY', options, readPair(options.env)),
    readKey('FAL_ADMIN_KEY', options, NOTHING),
  ]);
  const problems = [...key.problems, ...adminKey.problems];
  if (problems.length > 0) return { ok: false, problems };
  const credentials = { falKey: key.value, falAdminKey: adminKey.value };
  const isAdminOnly = credentials.falKey === undefined && credentials.falAdminKey !== undefined;
  const onlyAdmin =
    'FAL_ADMIN_KEY is set and FAL_KEY is not: the balance is read, and no probe can use a key; set FAL_KEY';
  return {
    ok: true,
    credentials,
    warnings: [...key.warnings, ...adminKey.warnings, ...(isAdminOnly ? [onlyAdmin] : [])],
    hasKey: credentials.falKey !== undefined || credentials.falAdminKey !== undefined,
  };
}

/** The files that hold keys, for whoever watches them for a rotation. */
export function keyFiles(env: Env): string[] {
  return ['FAL_KEY_FILE', 'FAL_ADMIN_KEY_FILE'].flatMap((name) => variable(name, env)?.value ?? []);
}

interface ReadKey {
  readonly value?: string | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

const NOTHING: ReadKey = { problems: [], warnings: [] };

async function readKey(
  name: 'FAL_KEY' | 'FAL_ADMIN_KEY',
  options: LoadCredentialsOptions,
  pair: ReadKey,
): Promise<ReadKey> {
  const direct = variable(name, options.env);
  const file = variable(`${name}_FILE`, options.env);
  if (direct !== undefined && file !== undefined) {
    return problem({ path: name, found: `${name} and ${file.name} are both set`, hint: 'unset one of them' });
  }
  const chosen =
    direct === undefined ? file && (await readKeyFile(file, options)) : checkKey(name, direct.value);
  if (chosen === undefined) return pair;
  const isPairIgnored = pair.value !== undefined || pair.problems.length > 0;
  if (!isPairIgnored) return chosen;
  const ignored = `FAL_KEY_ID and FAL_KEY_SECRET are not used, because ${(direct ?? file)?.name ?? name} is set`;
  return { ...chosen, warnings: [...chosen.warnings, ignored] };
}

/** fal's clients take the key in two halves as well. */
function readPair(env: Env): ReadKey {
  const id = variable('FAL_KEY_ID', env);
  const secret = variable('FAL_KEY_SECRET', env);
  if (id === undefined && secret === undefined) return NOTHING;
  if (id !== undefined && secret !== undefined)
    return checkKey('FAL_KEY_ID, FAL_KEY_SECRET', `${id.value}:${secret.value}`);
  const [set, unset] = id === undefined ? ['FAL_KEY_SECRET', 'FAL_KEY_ID'] : ['FAL_KEY_ID', 'FAL_KEY_SECRET'];
  return problem({ path: unset, found: `missing, while ${set} is set`, expected: 'both, or FAL_KEY alone' });
}

interface NamedFile {
  readonly name: string;
  readonly value: string;
}

async function readKeyFile(
  { name, value: path }: NamedFile,
  options: LoadCredentialsOptions,
): Promise<ReadKey> {
  const content = await readTextFile({ readFile: options.readFile, path, maxBytes: MAX_KEY_BYTES });
  const file = path;
  if (content.kind === 'missing') {
    return problem({
      path: name,
      file,
      found: 'the file does not exist',
      expected: `a file with ${KEY_FORM}`,
    });
  }
  if (content.kind === 'unusable')
    return problem({ path: name, file, found: content.found, hint: content.hint });
  const key = content.text.trim();
  if (key === '') return problem({ path: name, file, found: 'the file is empty', expected: KEY_FORM });
  const checked = checkKey(name, key, file);
  return { ...checked, warnings: [...checked.warnings, ...(await modeWarning(name, path, options.stat))] };
}

async function modeWarning(name: string, path: string, stat: StatFile): Promise<string[]> {
  // A file that goes between two looks is read again by the next reload; its mode is then no matter.
  const mode = await stat(path).then(
    (found) => found.mode ?? 0,
    () => 0,
  );
  if ((mode & 0o004) === 0) return [];
  return [
    `${name}: every user of this machine may read ${path} (mode ${mode.toString(8)}); make it 600 or 640`,
  ];
}

function checkKey(path: string, key: string, file?: string): ReadKey {
  const fault = faultOfKey(key);
  if (fault === undefined) return { ...NOTHING, value: key };
  return problem({ path, file, found: fault.found, expected: KEY_FORM, hint: fault.hint });
}

interface KeyFault {
  readonly found: string;
  readonly hint?: string;
}

const FAULTS: readonly (readonly [RegExp, KeyFault])[] = [
  [
    /^(?:key|bearer)\s/i,
    { found: 'begins with the word of an Authorization header', hint: 'leave out "Key "' },
  ],
  [/["'`]/, { found: 'contains quotes', hint: 'leave them out' }],
  [
    /^\s*(?:export\s+)?FAL_\w+\s*=/,
    { found: 'contains the name of a variable', hint: 'write the key alone' },
  ],
  [/\s/, { found: 'contains a space or a line break' }],
  [
    /[<>{}$]|\.\.\.|…|^(?:x+|\*+)(?::|$)|(?:your|change|replace|insert|paste|example|placeholder|dummy|todo)(?:[-_]|me|$|:)|^key[-_]?id:key[-_]?secret$/i,
    { found: 'is a placeholder', hint: 'put your own key in its place, or unset it for the demo' },
  ],
  [/^[^:]*$/, { found: 'has no colon', hint: 'it may be only one half of the key' }],
  [/:.*:/, { found: 'has more than one colon' }],
  [/^:|:$/, { found: 'lacks what belongs on one side of the colon' }],
  [/[^\x21-\x7e]/, { found: 'contains a character that no key has' }],
];

/** What is wrong with a key, in words that tell nothing about it. */
function faultOfKey(key: string): KeyFault | undefined {
  if (key.length > 512) return { found: 'is far too long for a key' };
  return FAULTS.find(([pattern]) => pattern.test(key))?.[1];
}

function problem(found: Problem): ReadKey {
  return { ...NOTHING, problems: [found] };
}
