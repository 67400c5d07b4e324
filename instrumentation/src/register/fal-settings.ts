import { judgeKeys } from '../attributes/label-names.ts';
import { PRICE_EXPECTED, nanoPriceOf } from '../money/nano-usd.ts';
import type { FalTelemetryConfig, GenAiConvention, UnitPrice } from '../types.ts';
import { type Environment, listOf, quoted, valueOf, wholeNumberOf } from './environment.ts';

/** Settings that hold, and what was wrong with the others, in words. */
export interface FalSettings {
  readonly config: FalTelemetryConfig;
  readonly problems: readonly string[];
}

type Prices = NonNullable<FalTelemetryConfig['prices']>;

const PREFIX = 'OTEL_INSTRUMENTATION_FAL_';
const GEN_AI: readonly GenAiConvention[] = ['off', 'v1', 'latest'];

/**
 * The settings of the instrumentation from `OTEL_INSTRUMENTATION_FAL_*`. A value that makes no sense is left out and
 * told, never thrown: an app must not fail to start because of a setting of its telemetry.
 *
 * @param readFile gives the text of a file, for prices that are in one.
 */
export function readFalSettings(env: Environment, readFile: (path: string) => string): FalSettings {
  const problems: string[] = [];
  const config: FalTelemetryConfig = {
    prices: pricesOf(env, readFile, problems),
    fetchPrices: booleanOf(env, `${PREFIX}FETCH_PRICES`, problems),
    attributes: attributesOf(env, problems),
    genAi: genAiOf(env, problems),
    maxEndpoints: wholeNumberOf(env, `${PREFIX}MAX_ENDPOINTS`, { from: 1 }, problems),
  };
  return { config, problems };
}

function booleanOf(env: Environment, name: string, problems: string[]): boolean | undefined {
  const word = valueOf(env, name)?.toLowerCase();
  if (word === undefined) return undefined;
  if (word === 'true' || word === 'false') return word === 'true';
  problems.push(`${name}: expected true or false, and got ${quoted(word)}`);
  return undefined;
}

function genAiOf(env: Environment, problems: string[]): GenAiConvention | undefined {
  const name = `${PREFIX}GENAI`;
  const text = valueOf(env, name);
  const known = GEN_AI.find((each) => each === text?.toLowerCase());
  if (text !== undefined && known === undefined)
    problems.push(`${name}: expected ${GEN_AI.join(', ')}, and got ${quoted(text)}`);
  return known;
}

function attributesOf(env: Environment, problems: string[]): readonly string[] | undefined {
  const name = `${PREFIX}ATTRIBUTES`;
  const keys = listOf(env, name);
  if (keys === undefined) return undefined;
  const judged = judgeKeys(keys);
  problems.push(...judged.problems.map((problem) => `${name}: ${problem}`));
  return judged.allowed;
}

function pricesOf(
  env: Environment,
  readFile: (path: string) => string,
  problems: string[],
): Prices | undefined {
  const name = `${PREFIX}PRICES`;
  const given = valueOf(env, name);
  if (given === undefined) return undefined;
  const entries = entriesOf(given, readFile);
  if (typeof entries === 'string') {
    problems.push(`${name}: ${entries}; expected {"fal-ai/flux/dev": 0.025}, or the path of a file with it`);
    return undefined;
  }
  const isPrice = ([, entry]: readonly [string, unknown]): boolean =>
    nanoPriceOf(typeof entry === 'object' && entry !== null ? unitPriceOf(entry) : entry) !== undefined;
  const refused = entries.filter((entry) => !isPrice(entry)).map(([endpointId]) => quoted(endpointId));
  if (refused.length > 0)
    problems.push(`${name}: the price of ${refused.join(', ')} is not ${PRICE_EXPECTED}`);
  return Object.fromEntries(entries.filter(isPrice)) as Prices;
}

function unitPriceOf(entry: object): unknown {
  return (entry as Partial<UnitPrice>).unitPriceUsd;
}

/** What the JSON, or the file of that name, says of each endpoint; or what is wrong with it. */
function entriesOf(
  given: string,
  readFile: (path: string) => string,
): readonly (readonly [string, unknown])[] | string {
  const isFile = !given.startsWith('{');
  let text = given;
  try {
    if (isFile) text = readFile(given);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return `cannot read the file ${quoted(given)} (${code})`;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return Object.entries(parsed);
  } catch {
    // Told below: the message of the parser would repeat what is in the file.
  }
  return isFile ? `the file ${quoted(given)} holds no JSON object` : 'this is no JSON object';
}
