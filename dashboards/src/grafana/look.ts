import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type {
  DynamicConfigValue,
  MatcherConfig,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** From this value up the colour holds; the first step has no `from` and holds below all others. */
export interface Step {
  readonly from?: number | undefined;
  readonly color: string;
}

/** What an exact value is called and how it is coloured. */
export interface Words {
  readonly at: number | 'nothing';
  readonly text?: string | undefined;
  readonly color?: string | undefined;
}

/** Standard options or custom field options of the series that `match` finds. */
export interface Override {
  readonly match:
    | { readonly name: string }
    | { readonly regexp: string }
    | { readonly refId: string }
    | { readonly type: 'number' | 'string' | 'time' };
  /** By id of Grafana: `unit`, `custom.width`, `color`, `displayName`, `links` … */
  readonly set: Readonly<Record<string, unknown>>;
}

export function thresholdsOf(steps: readonly Step[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(stepsOf(steps));
}

function stepsOf(steps: readonly Step[]): { value: number | null; color: string }[] {
  return steps.map(({ from, color }) => ({ value: from ?? null, color }));
}

/** Thresholds, for overrides. */
export function thresholds(steps: readonly Step[]): { mode: 'absolute'; steps: ReturnType<typeof stepsOf> } {
  return { mode: 'absolute', steps: stepsOf(steps) };
}

/** `palette`, `thresholds`, or one colour by name. */
export function colorOf(color: string): FieldColorBuilder {
  if (color === 'thresholds') return new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
  // By position: by name, colours of different models come out too much alike to tell their curves apart.
  if (color === 'palette') return new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic);
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color);
}

/** A fixed colour, for overrides. */
export function fixedColor(color: string): { mode: string; fixedColor: string } {
  return { mode: 'fixed', fixedColor: color };
}

/** A column whose numbers have the colours of their thresholds, for overrides. */
export function coloredNumbers(steps: readonly Step[]): Readonly<Record<string, unknown>> {
  return {
    color: { mode: 'thresholds' },
    thresholds: thresholds(steps),
    'custom.cellOptions': { type: 'color-text' },
  };
}

/** A limit among curves, for overrides. */
export const DASHED = {
  'custom.lineStyle': { fill: 'dash', dash: [8, 8] },
  'custom.fillOpacity': 0,
} as const;

/** Words and colours of a column whose numbers are states, for overrides. */
export function stateCells(words: readonly Words[]): Readonly<Record<string, unknown>> {
  return { unit: 'none', mappings: mappingsOf(words), 'custom.cellOptions': { type: 'color-text' } };
}

export function mappingsOf(words: readonly Words[]): ValueMapping[] {
  return words.map(({ at, text, color }, index): ValueMapping => {
    const result = {
      index,
      ...(text === undefined ? {} : { text }),
      ...(color === undefined ? {} : { color }),
    };
    if (at === 'nothing') {
      return { type: MappingType.SpecialValue, options: { match: SpecialValueMatch.NullAndNan, result } };
    }
    return { type: MappingType.ValueToText, options: { [String(at)]: result } };
  });
}

export interface BuiltOverride {
  matcher: MatcherConfig;
  properties: DynamicConfigValue[];
}

export function overrideOf({ match, set }: Override): BuiltOverride {
  return {
    matcher: matcherOf(match),
    properties: Object.entries(set).map(([id, value]) => ({ id, value })),
  };
}

function matcherOf(match: Override['match']): MatcherConfig {
  if ('name' in match) return { id: 'byName', options: match.name };
  if ('regexp' in match) return { id: 'byRegexp', options: match.regexp };
  if ('refId' in match) return { id: 'byFrameRefID', options: match.refId };
  return { id: 'byType', options: match.type };
}
