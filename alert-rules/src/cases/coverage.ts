import type { AlertDefinition } from '../alert.ts';
import type { Pack, Rule } from '../pack.ts';
import type { RuleCase } from './rule-case.ts';
import { rulesFor } from './rules-under-test.ts';

/** Kinds of case that an alert needs none of, each with the reason. */
export type Exemptions = Readonly<Record<string, Partial<Readonly<Record<RuleCase['kind'], string>>>>>;

/**
 * What nobody tells of an alert: `FalTimeouts: silent below`. Every alert has to fire (once per source), to stay
 * silent just below, and to resolve; one that counts survives a reset, and one with a guard is silent below it.
 */
export function missingKinds(
  definition: AlertDefinition,
  { cases, pack, exemptions = {} }: { cases: readonly RuleCase[]; pack: Pack; exemptions?: Exemptions },
): string[] {
  const { name } = definition;
  const those = cases.filter(({ alert }) => alert === name);
  const told = those.flatMap(kindsOf);
  const exempt = Object.keys(exemptions[name] ?? {});
  return neededKinds(definition, rulesFor(name, pack))
    .filter((kind) => !told.includes(kind) && !exempt.includes(kind))
    .map((kind) => `${name}: ${kind}`);
}

/** Exemptions that exempt from nothing: of an alert that is gone, or of what is told or not needed at all. */
export function needlessExemptions(
  definitions: readonly AlertDefinition[],
  { cases, pack, exemptions = {} }: { cases: readonly RuleCase[]; pack: Pack; exemptions?: Exemptions },
): string[] {
  const missing = definitions.flatMap((definition) => missingKinds(definition, { cases, pack }));
  return Object.entries(exemptions).flatMap(([name, kinds]) =>
    Object.keys(kinds)
      .map((kind) => `${name}: ${kind}`)
      .filter((each) => !missing.includes(each)),
  );
}

function neededKinds({ name, parameters }: AlertDefinition, pack: Pack): string[] {
  const rules = pack.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const own = rules.filter((rule) => rule.kind === 'alert' && rule.alert === name);
  const hasGuard = Object.entries(parameters).some(
    ([key, { unit }]) => key.startsWith('min_') && unit === 'count',
  );
  return [
    ...new Set(own.map(firesKind)),
    'silent below',
    'resolves',
    ...(hasGuard ? ['silent without enough traffic'] : []),
    ...(rules.some(({ expr }) => /\b(increase|rate)\(/.test(expr)) ? ['survives a counter reset'] : []),
  ];
}

function firesKind(rule: Rule): string {
  const source = rule.kind === 'alert' ? rule.labels.source : undefined;
  return source === undefined ? 'fires' : `fires (${source})`;
}

function kindsOf(each: RuleCase): string[] {
  if (each.kind !== 'fires') return [each.kind];
  return each.firing.map(({ labels }) => {
    const source = labels.source;
    return source === undefined ? 'fires' : `fires (${source})`;
  });
}
