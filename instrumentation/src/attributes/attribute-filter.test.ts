import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { CLIENT_METRICS } from '../metrics/client-metrics.ts';
import {
  type AttributeFilterOptions,
  type FalAttributes,
  createAttributeFilter,
} from './attribute-filter.ts';

function filtering(options: AttributeFilterOptions = {}): {
  filter: ReturnType<typeof createAttributeFilter>;
  warnings: string[];
} {
  const warnings: string[] = [];
  const log = { warn: (text: string) => warnings.push(text) };
  return { filter: createAttributeFilter({ allow: ['team', 'feature'], log, ...options }), warnings };
}

describe('attributes that the allow-list permits', () => {
  it('become texts in one frozen object per distinct set', () => {
    const { filter, warnings } = filtering({ allow: ['team', 'size', 'paid'] });
    const first = filter.accept({ team: ' growth ', size: 3, paid: true });
    expect(first).toEqual({ team: 'growth', size: '3', paid: 'true' });
    expect(Object.isFrozen(first)).toBe(true);
    expect(filter.accept({ paid: true, size: 3, team: 'growth' })).toBe(first);
    expect(filter.accept({ team: 'growth' })).not.toBe(first);
    expect(warnings).toEqual([]);
  });

  it('are looked at once when they cannot change, and anew when they can', () => {
    const { filter } = filtering();
    const read = vi.fn(() => 'growth');
    const frozen = Object.freeze(Object.defineProperty({}, 'team', { get: read, enumerable: true }));
    expect(filter.accept(frozen)).toBe(filter.accept(frozen));
    expect(read).toHaveBeenCalledTimes(1);
    const loose: Record<string, string> = { team: 'growth' };
    filter.accept(loose);
    loose.team = 'search';
    expect(filter.accept(loose)).toEqual({ team: 'search' });
  });

  it('are cut to 64 characters, and never through the middle of one', () => {
    const { filter } = filtering();
    expect(filter.accept({ team: 'x'.repeat(500) })).toEqual({ team: 'x'.repeat(64) });
    const cut = filter.accept({ team: `${'x'.repeat(63)}😀` })?.team ?? '';
    expect(cut).toBe(`${'x'.repeat(63)}\ufffd`);
    expect(cut.isWellFormed()).toBe(true);
  });

  it('are nothing at all when none is left', () => {
    const { filter } = filtering();
    const hostile = [undefined, null, 'team', 7, {}, { team: '' }, { team: '  ' }, { team: undefined }];
    for (const given of hostile) expect(filter.accept(given as FalAttributes)).toBeUndefined();
    expect(filtering({ allow: [] }).filter.accept({ team: 'growth' })).toBeUndefined();
    expect(filtering({ allow: undefined }).filter.accept({ team: 'growth' })).toBeUndefined();
  });

  it('are the own ones of the object only', () => {
    const { filter } = filtering({ allow: ['constructor', 'team'] });
    expect(filter.accept({ team: 'growth' })).toEqual({ team: 'growth' });
    expect(filter.accept(Object.create({ team: 'inherited' }) as FalAttributes)).toBeUndefined();
  });
});

describe('what is dropped', () => {
  it('is a key outside the allow-list, told once per key', () => {
    const { filter, warnings } = filtering();
    for (let n = 0; n < 3; n += 1)
      expect(filter.accept({ team: 'growth', user: `u-${n}` })).toEqual({ team: 'growth' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/"user" is dropped: it is not in the option `attributes`/);
    expect(warnings[0]).not.toContain('u-0');
  });

  it('is a value that is no plain one, told once per key and without the value', () => {
    const { filter, warnings } = filtering();
    for (const value of [{ secret: 1 }, ['secret'], NaN, Infinity, Symbol('secret'), 10n, () => 'secret'])
      expect(filter.accept({ team: value as unknown as string })).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/"team" is dropped: expected a text, a finite number or a boolean/);
    expect(warnings[0]).not.toContain('secret');
  });

  it('is everything of an object that throws when it is read', () => {
    const { filter } = filtering();
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(filter.accept(hostile)).toBeUndefined();
  });

  it('does not fill the memory with keys that are made anew for each call', () => {
    const { filter, warnings } = filtering();
    for (let n = 0; n < 5000; n += 1) filter.accept({ [`key-${n}`]: 'x' });
    expect(warnings.length).toBeLessThanOrEqual(1000);
  });
});

describe('bounds', () => {
  it('make _OTHER of the values that come after, and tell it once', () => {
    const { filter, warnings } = filtering({ maxValues: 2 });
    const teams = ['a', 'b', 'c', 'd', 'a'].map((team) => filter.accept({ team })?.team);
    expect(teams).toEqual(['a', 'b', '_OTHER', '_OTHER', 'a']);
    expect(filter.accept({ feature: 'c' })).toEqual({ feature: 'c' });
    expect(filter.accept({ team: 'c' })).toBe(filter.accept({ team: '_OTHER' }));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/"team" has more than 2 values/);
  });

  it('are twenty values unless told otherwise', () => {
    const { filter } = filtering();
    const seen = Array.from({ length: 30 }, (_, n) => filter.accept({ team: `t${n}` })?.team);
    expect(seen.filter((team) => team !== '_OTHER')).toHaveLength(20);
  });

  it.each([[0], [-1], [NaN], [1.5], [Infinity], ['5' as unknown as number]])(
    'that are none, such as %s, are told and replaced by twenty',
    (maxValues) => {
      const { filter, warnings } = filtering({ maxValues });
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('maxAttributeValues');
      const seen = Array.from({ length: 30 }, (_, n) => filter.accept({ team: `t${n}` })?.team);
      expect(seen.filter((team) => team !== '_OTHER')).toHaveLength(20);
    },
  );

  it('hold for combinations too: after a thousand all new ones are one set', () => {
    const { filter, warnings } = filtering({ maxValues: 100 });
    const sets = new Set<unknown>();
    for (let n = 0; n < 5000; n += 1) sets.add(filter.accept({ team: `t${n % 97}`, feature: `f${n % 89}` }));
    expect(sets.size).toBe(1001);
    expect(sets).toContainEqual({ team: '_OTHER', feature: '_OTHER' });
    expect(warnings).toHaveLength(1);
  });

  it('hold for any calls whatever, and equal sets are the same object', () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(undefined));
    const call = fc.dictionary(fc.constantFrom('team', 'feature', 'user', '__proto__'), value);
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        const { filter } = filtering({ maxValues: 3 });
        const seen = new Map<string, unknown>();
        const values = new Map<string, Set<string>>([
          ['team', new Set()],
          ['feature', new Set()],
        ]);
        for (const attributes of calls) {
          const accepted = filter.accept(attributes);
          if (accepted === undefined) continue;
          const text = JSON.stringify(Object.entries(accepted).sort());
          expect(seen.get(text) ?? accepted).toBe(accepted);
          seen.set(text, accepted);
          for (const [key, label] of Object.entries(accepted)) {
            expect(label.length).toBeGreaterThan(0);
            expect(label.length).toBeLessThanOrEqual(64);
            expect(label.isWellFormed()).toBe(true);
            values.get(key)?.add(label);
          }
        }
        for (const distinct of values.values()) expect(distinct.size).toBeLessThanOrEqual(4);
      }),
    );
  });
});

describe('the allow-list', () => {
  it('refuses what cannot be a label with one warning that names all of it, and keeps the rest', () => {
    const bad = [
      'endpoint_id',
      'endpoint.id',
      'endpoint__id',
      'error-type',
      'le',
      'job',
      'instance',
      'quantile',
    ];
    bad.push('9lives', 'my team', '', '__name__', 'otel_scope_name', 'app.team', 'téam');
    const { filter, warnings } = filtering({ allow: [...bad, 'team', 'team', 'feature'] });
    expect(warnings).toHaveLength(1);
    for (const key of bad) expect(warnings[0]).toContain(`"${key}"`);
    expect(warnings[0]).toContain('"endpoint.id", spelled "endpoint_id", is a label of our own');
    expect(warnings[0]).toContain('"app.team" is no label name (write "app_team")');
    expect(warnings[0]).not.toMatch(/"team" (is|becomes|belongs)/);
    const all = Object.fromEntries([...bad, 'team', 'feature'].map((key) => [key, 'x']));
    expect(filter.accept(all)).toEqual({ team: 'x', feature: 'x' });
  });

  it('refuses a second key that becomes the same label as the first', () => {
    const { filter, warnings } = filtering({ allow: ['my_team', 'my__team'] });
    expect(warnings[0]).toContain('becomes the same label as "my_team"');
    expect(filter.accept({ my_team: 'a', my__team: 'b' })).toEqual({ my_team: 'a' });
  });

  it('refuses every label that our metrics have', () => {
    const labels = [...new Set(CLIENT_METRICS.flatMap((metric): readonly string[] => metric.labels))];
    const { filter, warnings } = filtering({ allow: labels });
    for (const label of labels) expect(warnings[0]).toContain(`"${label}" is a label of our own`);
    expect(filter.accept(Object.fromEntries(labels.map((label) => [label, 'x'])))).toBeUndefined();
  });

  it('that is no list, or holds what is no text, is told and harmless', () => {
    for (const allow of ['team', 7, { team: true }, null] as unknown as string[][]) {
      const { filter, warnings } = filtering({ allow });
      expect(warnings).toHaveLength(1);
      expect(filter.accept({ team: 'growth' })).toBeUndefined();
    }
    const { filter, warnings } = filtering({ allow: [7, null, 'team'] as unknown as string[] });
    expect(warnings).toHaveLength(1);
    expect(filter.accept({ team: 'growth' })).toEqual({ team: 'growth' });
  });
});
