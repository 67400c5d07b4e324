import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify as stringifyYaml } from 'yaml';
import { prometheusGroups } from '../formats/prometheus.ts';
import type { Source } from '../alert.ts';
import type { Pack } from '../pack.ts';
import { type PromtoolGroup, promtoolGroup, stepOf } from './promtool-file.ts';
import type { RuleCase } from './rule-case.ts';
import { packUnderTest, rulesFor, settingsUnderTest } from './rules-under-test.ts';

/** What promtool has to say about the cases. */
export interface CaseResults {
  /** Per case that went wrong: promtool's words. */
  readonly failures: ReadonlyMap<RuleCase, string>;
  /** What belongs to no case, such as a rule that could not be evaluated: the cases behind it were not looked at. */
  readonly others: readonly string[];
}

/** Seconds that a whole scope may take, far above what it does take. */
const WITHIN_MS = 120_000;

/**
 * Tells the cases to a real promtool, in as many processes as `processes` says.
 *
 * Throws when a case cannot be told, and when promtool is missing or cannot read what it was given.
 */
export async function runCases(cases: readonly RuleCase[], processes = 2): Promise<CaseResults> {
  // All that may be wrong with a case shows here, before there is a folder to clean up.
  const files = testFiles(cases);
  const folder = await mkdtemp(join(tmpdir(), 'fal-alert-cases-'));
  try {
    for (const file of files) await writeTestFile(folder, file);
    const shares = Array.from({ length: processes }, (_, share) =>
      files
        .filter((_file, index) => index % processes === share)
        .map(({ name }) => join(folder, `${name}.yml`)),
    );
    const outputs = await Promise.all(shares.filter((share) => share.length > 0).map(promtool));
    return resultsOf(cases, outputs.join('\n'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * One file of tests per alert and step, because promtool evaluates at one interval per file; in pieces, so that the
 * processes have about as much to do.
 */
function testFiles(cases: readonly RuleCase[]): TestFile[] {
  const pack = packUnderTest();
  const numbered = cases.map((each, index) => ({ each, id: `#${index}.` }));
  const perFile = Map.groupBy(numbered, ({ each }) =>
    [each.alert, `${stepOf(each)}s`, ...sourcesOf(each)].join('-'),
  );
  const pieces = [...perFile].flatMap(([name, those]) =>
    inPieces(those).map((piece, index) => testFile(`${name}-${index}`, piece, pack)),
  );
  return pieces.toSorted((a, b) => b.content.tests.length - a.content.tests.length);
}

/** Whose series a case has; a rule over those that it has not could only say nothing, and would take its time. */
function sourcesOf({ series }: RuleCase): Source[] {
  const names = Object.keys(series);
  const told = FAMILIES.filter(([prefix]) => names.some((name) => name.startsWith(prefix)));
  return [...new Set((told.length === 0 ? FAMILIES : told).map(([, source]) => source))];
}

const FAMILIES = [
  ['fal_client_', 'app'],
  ['fal_probe_', 'probe'],
  // What probes find out about the account and the platform.
  ['fal_account_', 'probe'],
  ['fal_model_', 'probe'],
  ['fal_verdict', 'probe'],
] as const;
const PIECE = 8;

function inPieces<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / PIECE) }, (_, index) =>
    all.slice(index * PIECE, (index + 1) * PIECE),
  );
}

interface NumberedCase {
  readonly each: RuleCase;
  readonly id: string;
}

interface TestFile {
  readonly name: string;
  readonly rules: Pack;
  /** As promtool reads it; paths of rules are below the folder of this file. */
  readonly content: {
    readonly rule_files: readonly string[];
    readonly evaluation_interval: string;
    readonly group_eval_order: readonly string[];
    readonly tests: readonly PromtoolGroup[];
  };
}

function testFile(name: string, cases: readonly NumberedCase[], pack: Pack): TestFile {
  const [first] = cases;
  if (first === undefined) throw new Error(`no case for ${name}`);
  const rules = rulesFor(alertsOf(cases), pack, sourcesOf(first.each));
  const { runbooks } = settingsUnderTest().links;
  const content = {
    rule_files: rules.map((file) => `${name}/${file.name}.yml`),
    evaluation_interval: `${stepOf(first.each)}s`,
    // Otherwise groups are evaluated in any order, and an alert may see what was recorded a step before.
    group_eval_order: rules.flatMap(({ groups }) => groups.map((group) => group.name)),
    tests: cases.map(({ each, id }) => promtoolGroup(each, { id, runbooks })),
  };
  return { name, rules, content };
}

async function writeTestFile(folder: string, { name, rules, content }: TestFile): Promise<void> {
  await mkdir(join(folder, name));
  for (const file of rules) {
    await writeFile(join(folder, name, `${file.name}.yml`), stringify({ groups: prometheusGroups(file) }));
  }
  await writeFile(join(folder, `${name}.yml`), stringify(content));
}

/** A search for a sentence finds it unfolded, and promtool knows no aliases of equal objects. */
function stringify(content: unknown): string {
  return stringifyYaml(content, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The one that all the cases are about, and those that one of them holds beside it. */
function alertsOf(cases: readonly NumberedCase[]): string[] {
  const others = cases.flatMap(({ each }) => (each.kind === 'fires' && each.ahead ? [each.ahead.of] : []));
  return [...new Set([...cases.map(({ each }) => each.alert), ...others])];
}

/** What promtool has to complain about. */
function promtool(files: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'promtool',
      ['test', 'rules', ...files],
      {
        timeout: WITHIN_MS,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
        // A fifth of the time went into collecting garbage that the end of the process collects for nothing.
        env: { ...process.env, GOGC: '400' },
      },
      (error, _, stderr) => {
        if (error === null) resolve('');
        else if (error.code === 1) resolve(stderr.replaceAll(/^ {2}FAILED:$/gm, ''));
        else reject(new Error(`cannot run promtool test rules: ${error.message}. Is Prometheus installed?`));
      },
    );
  });
}

/** Every complaint begins in column five with what it is about. */
const ID = /#(\d+)[.]/;
const COMPLAINT = /^ {4}(?=(?:name|expr|rule): )/m;

function resultsOf(cases: readonly RuleCase[], output: string): CaseResults {
  const [preamble = '', ...complaints] = output.split(COMPLAINT);
  const failures = new Map<RuleCase, string>();
  const others = preamble.trim() === '' ? [] : [preamble.trim()];
  for (const complaint of complaints) {
    const each = cases[Number(ID.exec(complaint)?.[1])];
    if (each === undefined) others.push(complaint.trimEnd());
    else failures.set(each, [failures.get(each), complaint.trimEnd()].filter(Boolean).join('\n'));
  }
  return { failures, others };
}
