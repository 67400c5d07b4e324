import type { YAMLMap } from 'yaml';
import type { Jobs } from '../promql.ts';
import type { Links } from '../settings.ts';
import { didYouMean } from './nearest-name.ts';
import type { OverrideFile } from './override-file.ts';
import type { Finding } from './problem.ts';
import { shown } from './quantity.ts';

const MAX_LENGTH = 200;

/** What a pattern of label `job` may consist of. It stands between double quotes in every expression. */
const PATTERN_LETTERS = /^[\p{L}\p{N}_.:/ |()*+?[\]-]+$/u;

/** No braces, since links stand in Go templates; a query or a fragment would come before the name of the alert. */
const LINK = /^https?:\/\/[^\s"'`<>{}\\^|?#$@]+$/u;

/** Reads the section `jobs`. */
export function readJobs(file: OverrideFile, map: YAMLMap, defaults: Jobs): Jobs {
  return readTexts(file, map, { path: 'jobs', defaults, problemOf: patternProblem });
}

/** Reads the section `links`; a slash at the end is taken off, since one follows. */
export function readLinks(file: OverrideFile, map: YAMLMap, defaults: Links): Links {
  const links = readTexts(file, map, { path: 'links', defaults, problemOf: linkProblem });
  return { runbooks: links.runbooks.replace(/\/+$/, ''), dashboards: links.dashboards.replace(/\/+$/, '') };
}

interface Section<T> {
  readonly path: string;
  readonly defaults: T;
  readonly problemOf: (written: unknown) => Finding | undefined;
}

function readTexts<T extends object>(
  file: OverrideFile,
  map: YAMLMap,
  { path, defaults, problemOf }: Section<T>,
): T {
  const known = Object.keys(defaults);
  const chosen: Record<string, string> = {};
  for (const entry of file.entries(map, path)) {
    if (!known.includes(entry.key)) {
      const hint = didYouMean(entry.key, known);
      file.report(entry.keyNode, entry.path, {
        found: `unknown key of ${path}`,
        expected: known.join(', '),
        hint,
      });
      continue;
    }
    const scalar = file.scalar(entry, 'a text');
    if (scalar === undefined) continue;
    const problem = problemOf(scalar.value);
    if (problem === undefined) chosen[entry.key] = String(scalar.value).trim();
    else file.report(entry.value ?? entry.keyNode, entry.path, problem);
  }
  return { ...defaults, ...chosen };
}

/**
 * What is wrong with a pattern of jobs. Prometheus reads it as RE2, so only what RE2 and JavaScript read alike is
 * taken, and nothing that could end the string it stands in.
 */
export function patternProblem(written: unknown): Finding | undefined {
  const expected = 'the name of a job, or a regular expression such as my-app|worker';
  if (typeof written !== 'string' || written.trim() === '') return { found: shown(written), expected };
  const pattern = written.trim();
  const found = shown(pattern);
  if (pattern.length > MAX_LENGTH)
    return { found, expected: `${expected}, of at most ${MAX_LENGTH} characters` };
  if (/^\^|\$$/.test(pattern))
    return { found, expected, hint: 'leave ^ and $ out: it must match the whole name anyway' };
  if (pattern.includes('\\')) return { found, expected, hint: 'write [.] for a dot' };
  if (!PATTERN_LETTERS.test(pattern) || /\(\?|\[[^\]]*\[|\[\]/.test(pattern)) {
    return { found, expected: `${expected}, of letters, digits, spaces and _ . : / - | ( ) [ ] * + ?` };
  }
  try {
    const whole = new RegExp(`^(?:${pattern})$`);
    if (!whole.test('')) return undefined;
    return {
      found,
      expected: `${expected}, that does not match an empty name`,
      hint: 'write .+ for any job',
    };
  } catch {
    return { found, expected: 'a valid regular expression' };
  }
}

function linkProblem(written: unknown): Finding | undefined {
  const expected = 'an http or https URL without query, such as https://wiki.example/fal';
  // Whatever is wrong with it, it may hold a password.
  if (typeof written === 'string' && written.includes('@')) return { found: 'got a URL with @', expected };
  if (typeof written !== 'string' || written.length > 1000) return { found: shown(written), expected };
  const isLink = LINK.test(written.trim()) && URL.canParse(written.trim());
  return isLink ? undefined : { found: shown(written), expected };
}
