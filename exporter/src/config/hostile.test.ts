import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadCredentials } from './credentials.ts';
import type { LoadedConfig } from './load.ts';
import { formatProblems, problemLines } from './problem.ts';
import { filesOf, loadText, problemsOf } from './test-load.ts';

const ID = '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d';
const SECRET = 'c0ffee00c0ffee11c0ffee22c0ffee33';
const CANARY = `${ID}:${SECRET}`;
const PROMPT = 'zebra canary prompt';

/** Everything that a person could get to read of the outcome. */
function told(loaded: LoadedConfig): string {
  return loaded.ok
    ? loaded.warnings.join('\n')
    : [
        formatProblems(loaded.problems),
        ...problemLines(loaded.problems),
        JSON.stringify(loaded.problems),
      ].join('\n');
}

const VALID = `
account: { name: prod, concurrency_limit: 10, hourly_budget_usd: 5,
  grants: [{ name: launch, expires: 2027-01-31, amount_usd: 50 }] }
collectors: { interval: 1m, billing_events: { interval: 30s, calls_per_hour: 240 } }
endpoints:
  - { id: fal-ai/kling-video, latency_limit: 5m }
probes:
  - name: flux
    tier: inference
    endpoint_id: fal-ai/flux/schnell
    interval: 5m
    input:
      prompt: "${PROMPT} one"
      text: |
        ${PROMPT} two
        ${PROMPT}: three
      nested: { prompt: '${PROMPT}', list: [${PROMPT}] }
  - { name: q, tier: queue, endpoint_id: a/b, input: { prompt: ${PROMPT}, steps: 1,
      negative: "${PROMPT}" } }
budget: { per_hour_usd: 0.1, per_day_usd: 1 }
listen: 127.0.0.1:10464
`;

describe('hostile YAML', () => {
  const deep = 10_000;

  test.each([
    ['brackets', '['.repeat(deep)],
    ['closed brackets', `${'['.repeat(deep)}${']'.repeat(deep)}`],
    ['braces', '{a: '.repeat(deep)],
    ['dashes', '- '.repeat(deep)],
    ['questions', '? '.repeat(deep)],
    ['blocks', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('nested deeply by %s is a problem', async (_by, text) => {
    expect(told(await loadText(text))).toMatch(/nested (too deeply|more than 40 levels deep)/);
  });

  test('that is all tokens is refused before it costs much', async () => {
    const [problem] = await problemsOf(']'.repeat(1_000_000));
    expect(problem?.found).toBe('too much for a configuration from here on');
    const [late] = await problemsOf(`listen: x\n${'- a\n'.repeat(100_000)}`);
    expect(late?.found).toBe('too much for a configuration from here on');
    expect(late?.line).toBeGreaterThan(10_000);
  });

  test('with aliases that multiply is refused, and not blown up', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const inner = level === 0 ? 'x' : `*l${level - 1}`;
      return `      l${level}: &l${level} [${Array<string>(10).fill(inner).join(', ')}]`;
    });
    const problems = await problemsOf(
      `probes:\n  - name: a\n    tier: free\n    input:\n${levels.join('\n')}`,
    );
    expect(problems.map(({ found }) => found)).toEqual(['aliases that stand for more than 100000 values']);
  });

  test('with an alias inside what it stands for ends', async () => {
    const problems = await problemsOf('probes: [{ name: a, tier: free, input: &i { again: *i } }]');
    expect(problems.map(({ found }) => found)).toEqual([
      'nested too deeply, or an alias inside what it stands for',
    ]);
    expect(told(await loadText('probes: &p [*p, *p]\nendpoints: *p'))).toContain('got a list');
  });

  test('with keys of the object prototype is refused and changes no prototype', async () => {
    const text =
      '__proto__: { stateDir: x }\nconstructor: { prototype: { x: 1 } }\naccount: { __proto__: { name: evil } }';
    const problems = await problemsOf(text);
    expect(problems.map(({ path }) => path)).toEqual(['__proto__', 'constructor', 'account.__proto__']);
    expect({}).not.toHaveProperty('x');
  });

  test.each([
    ['a megabyte of one text', `state_dir: "${'x'.repeat(999_000)}"`],
    ['a hundred thousand lines', 'a\n'.repeat(45_000)],
    ['nothing but tabs', '\t'.repeat(1000)],
    ['carriage returns', 'listen: x\r'.repeat(10)],
    ['directives', '%A\n'.repeat(5000)],
    ['tags', '!a '.repeat(5000)],
    ['lone surrogates', 'state_dir: "\\ud800"\nlisten: "\\udfff"'],
    ['turned writing', 'listen: "\u202Eabc"'],
  ])('of %s gives an answer', async (_what, text) => {
    const loaded = await loadText(text);
    expect(told(loaded).length).toBeLessThan(60_000);
    expect(told(loaded)).not.toContain('\u202E');
  });
});

describe('a key in the file', () => {
  test.each([
    ['as a value', `fal_key: ${CANARY}`],
    ['under a key that is allowed', `account: { name: "${CANARY}" }`],
    ['in an input', `probes: [{ name: a, tier: free, input: { key: "${CANARY}" } }]`],
    ['in a comment', `# ${CANARY}\nlisten: 127.0.0.1:0`],
    ['in broken YAML', `listen: "${CANARY}`],
    ['as a key', `${CANARY}: 1`],
  ])('%s is refused and not echoed', async (_where, text) => {
    const loaded = await loadText(text);
    expect(loaded.ok).toBe(false);
    const shown = told(loaded);
    expect(shown).toContain('keys come from FAL_KEY or FAL_KEY_FILE, never from this file');
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(ID);
  });

  test('is found behind escapes and folds as far as not to be echoed', async () => {
    const escaped = [...CANARY].map((letter) => `\\x${letter.charCodeAt(0).toString(16)}`).join('');
    expect(told(await loadText(`account: { name: "${escaped}" }`))).not.toContain(SECRET);
    expect(told(await loadText(`account: { name: "${ID}:\\\n  ${SECRET}" }`))).not.toContain(SECRET);
  });

  test.each([ID, SECRET])('is not echoed in halves: %s', async (half) => {
    const shown = told(
      await loadText(`account: { name: "my ${half}" }\n${half}: 1\nlisten: { host: "${half}!" }`),
    );
    expect(shown).toContain('[redacted]');
    expect(shown).not.toContain(half);
  });

  test('that the environment knows is not echoed, whatever its form', async () => {
    const env = { FAL_KEY: 'odd-id:odd-secret-7' };
    const loaded = await loadText(
      'account: { name: "odd secret odd-id:odd-secret-7" }\nlisten: odd-secret-7',
      { env },
    );
    expect(loaded.ok).toBe(false);
    expect(told(loaded)).not.toContain('odd-secret-7');
  });
});

describe('any text as a configuration', { timeout: 60_000 }, () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      CANARY,
      'probes:',
      '- ',
      '\n',
      '  ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&a',
      '*a',
      '|',
      '>',
    ),
    fc.constantFrom(
      'input:',
      'name',
      'tier',
      'listen',
      '#',
      ',',
      '?',
      '!',
      '%',
      '---',
      '\t',
      '<<',
      'fal_key: ',
    ),
    fc.string({ maxLength: 8 }),
  );

  test('gives an answer and never echoes a key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fragment, { maxLength: 40 }), async (fragments) => {
        const shown = told(await loadText(fragments.join('')));
        expect(shown).not.toContain(SECRET);
        expect(shown).not.toContain(ID);
      }),
      { numRuns: 1000 },
    );
  });

  test('gives an answer for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(typeof (await loadText(bytes)).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  test('gives an answer for any JSON value under any option', async () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant(CANARY), fc.constant([{ a: CANARY }]));
    const keys = [
      'account',
      'endpoints',
      'probes',
      'budget',
      'collectors',
      'listen',
      'web',
      'state_dir',
      'series',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value),
        async (tree) => {
          const asJson = told(await loadText(JSON.stringify(tree)));
          const asYaml = told(await loadText(stringify(tree)));
          expect(asJson + asYaml).not.toContain(SECRET);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('never shows the input of a probe, however the file is damaged', async () => {
    const damage = fc.record({
      at: fc.nat(VALID.length),
      cut: fc.nat(12),
      put: fc.oneof(
        fc.constantFrom('{', '}', '[', '"', "'", '\n', ':', '\t', '- ', '@', ': x: ', 'x'),
        fc.constant(''),
      ),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, cut, put }) => {
        const text = VALID.slice(0, at) + put + VALID.slice(at + cut);
        expect(told(await loadText(text))).not.toContain('canary');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('any text as a key', () => {
  test('gives an answer that does not hold it', async () => {
    const part = fc.stringMatching(/^[A-Za-z0-9 "'<$:_-]{8,40}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          part,
          fc.tuple(part, part).map((parts) => parts.join(':')),
        ),
        async (key) => {
          fc.pre(key.trim().length >= 8);
          const readFile = filesOf({ '/key': key });
          const stat = () => Promise.resolve({ mtimeMs: 0, size: 0, inode: 0, mode: 0o644 });
          for (const env of [{ FAL_KEY: key }, { FAL_ADMIN_KEY_FILE: '/key' }, { FAL_KEY_ID: key }]) {
            const loaded = await loadCredentials({ env, readFile, stat });
            const shown = loaded.ok ? loaded.warnings.join('\n') : formatProblems(loaded.problems);
            expect(shown).not.toContain(key.trim());
          }
        },
      ),
    );
  });
});
