import { describe, expect, test } from 'vitest';
import { keyFiles, loadCredentials } from './credentials.ts';
import type { Env } from './overrides.ts';
import { problemLines } from './problem.ts';
import { fileError, filesOf } from './test-load.ts';

const KEY = '7d5c1f60-93aa-4b5e-8d2f-1f0e9b7c6a54:0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const ADMIN = '11111111-2222-4333-8444-555555555555:ffeeddccbbaa99887766554433221100';
const FORM = 'expected a key of the form <key_id>:<key_secret>, as fal.ai/dashboard/keys shows it once';

interface World {
  readonly files?: Parameters<typeof filesOf>[0];
  readonly mode?: number | undefined;
}

function load(env: Env, { files = {}, mode = 0o600 }: World = {}) {
  const stat = () => Promise.resolve({ mtimeMs: 0, size: 0, inode: 0, mode });
  return loadCredentials({ env, readFile: filesOf(files), stat });
}

async function linesOf(env: Env, world?: World): Promise<string[]> {
  const loaded = await load(env, world);
  return loaded.ok ? [] : problemLines(loaded.problems);
}

describe('keys', () => {
  test('come from variables', async () => {
    expect(await load({ FAL_KEY: KEY, FAL_ADMIN_KEY: ADMIN })).toEqual({
      ...{ ok: true, hasKey: true, warnings: [] },
      credentials: { falKey: KEY, falAdminKey: ADMIN },
    });
  });

  test('come from files, without the white space around them', async () => {
    const files = { '/run/key': `\uFEFF  ${KEY}\r\n\n`, '/run/admin': ADMIN };
    const loaded = await load({ FAL_KEY_FILE: '/run/key', FAL_ADMIN_KEY_FILE: '/run/admin' }, { files });
    expect(loaded).toMatchObject({
      ok: true,
      credentials: { falKey: KEY, falAdminKey: ADMIN },
      warnings: [],
    });
  });

  test('come from fal’s own pair of variables', async () => {
    const [id, secret] = KEY.split(':');
    expect(await load({ FAL_KEY_ID: id, FAL_KEY_SECRET: secret })).toMatchObject({
      ...{ ok: true, hasKey: true },
      credentials: { falKey: KEY },
    });
  });

  test('are those of a simulator as well', async () => {
    const env = { FAL_KEY: 'simulated-key-id:simulated-key-secret' };
    expect(await load(env)).toMatchObject({ ok: true, credentials: { falKey: env.FAL_KEY } });
  });

  test.each([
    {},
    { FAL_KEY: '', FAL_ADMIN_KEY: '', FAL_KEY_FILE: '', FAL_KEY_ID: '', FAL_KEY_SECRET: '' },
    { FAL_KEY: ' \n' },
    { FAL_KEY: undefined },
  ])('are not meant by %j, which leads to the demo', async (env) => {
    expect(await load(env)).toEqual({
      ...{ ok: true, hasKey: false, warnings: [] },
      credentials: { falKey: undefined, falAdminKey: undefined },
    });
  });

  test('with the pair beside FAL_KEY: FAL_KEY wins, as in fal’s clients, and a warning says so', async () => {
    const loaded = await load({ FAL_KEY: KEY, FAL_KEY_ID: 'a', FAL_KEY_SECRET: 'b' });
    expect(loaded).toMatchObject({
      credentials: { falKey: KEY },
      warnings: ['FAL_KEY_ID and FAL_KEY_SECRET are not used, because FAL_KEY is set'],
    });
  });

  test('with only the admin key leave a warning, and no demo', async () => {
    const loaded = await load({ FAL_ADMIN_KEY: ADMIN });
    expect(loaded).toMatchObject({ ok: true, hasKey: true, credentials: { falKey: undefined } });
    expect(loaded.ok ? loaded.warnings : []).toEqual([
      'FAL_ADMIN_KEY is set and FAL_KEY is not: the balance is read, and no probe can use a key; set FAL_KEY',
    ]);
  });

  test.each([
    [0o644, 1],
    [0o604, 1],
    [0o640, 0],
    [0o400, 0],
    [undefined, 0],
  ])('in a file of mode %o leave %i warning', async (mode, count) => {
    const loaded = await loadCredentials({
      env: { FAL_KEY_FILE: '/k' },
      readFile: filesOf({ '/k': KEY }),
      stat: () => Promise.resolve({ mtimeMs: 0, size: 0, inode: 0, mode }),
    });
    expect(loaded.ok && loaded.warnings).toHaveLength(count);
    if (mode === 0o644) {
      expect(loaded).toMatchObject({
        warnings: ['FAL_KEY_FILE: every user of this machine may read /k (mode 644); make it 600 or 640'],
      });
    }
  });
});

describe('a key that cannot be meant', () => {
  test.each<[string, Env, string]>([
    [
      'no colon',
      { FAL_KEY: 'abcdef0123456789' },
      `has no colon, ${FORM}; it may be only one half of the key`,
    ],
    ['two colons', { FAL_KEY: 'a:b:c' }, `has more than one colon, ${FORM}`],
    ['nothing before the colon', { FAL_KEY: ':abc' }, `lacks what belongs on one side of the colon, ${FORM}`],
    ['nothing behind the colon', { FAL_KEY: 'abc:' }, `lacks what belongs on one side of the colon, ${FORM}`],
    ['quotes', { FAL_KEY: `"${KEY}"` }, `contains quotes, ${FORM}; leave them out`],
    ['a space', { FAL_KEY: KEY.replace(':', ': ') }, `contains a space or a line break, ${FORM}`],
    [
      'the word of the header',
      { FAL_KEY: `Key ${KEY}` },
      `begins with the word of an Authorization header, ${FORM}; leave out "Key "`,
    ],
    [
      'the name of the variable',
      { FAL_KEY: `FAL_KEY=${KEY}` },
      `contains the name of a variable, ${FORM}; write the key alone`,
    ],
    ['letters that no key has', { FAL_KEY: 'a:ключ' }, `contains a character that no key has, ${FORM}`],
    ['too many letters', { FAL_KEY: `a:${'b'.repeat(600)}` }, `is far too long for a key, ${FORM}`],
  ])('because of %s is a problem and never the demo', async (_why, env, sentence) => {
    expect(await linesOf(env)).toEqual([`FAL_KEY: ${sentence}`]);
  });

  test.each([
    'your-key',
    'your_api_key_here',
    'YOUR_FAL_KEY',
    'your-key-id:your-key-secret',
    'key_id:key_secret',
    '<key_id>:<key_secret>',
    'xxx:xxx',
    'changeme',
    '$FAL_KEY',
    'replace-me:now',
    '...',
  ])('because %s is a placeholder is a problem', async (placeholder) => {
    expect(await linesOf({ FAL_KEY: placeholder })).toEqual([
      `FAL_KEY: is a placeholder, ${FORM}; put your own key in its place, or unset it for the demo`,
    ]);
  });

  test.each<[string, Env, World, string]>([
    [
      'is missing',
      { FAL_KEY_FILE: '/k' },
      {},
      `/k FAL_KEY_FILE: the file does not exist, expected a file with ${FORM.slice(9)}`,
    ],
    [
      'is empty',
      { FAL_KEY_FILE: '/k' },
      { files: { '/k': ' \n' } },
      `/k FAL_KEY_FILE: the file is empty, ${FORM}`,
    ],
    [
      'is forbidden',
      { FAL_ADMIN_KEY_FILE: '/k' },
      { files: { '/k': fileError('EACCES') } },
      '/k FAL_ADMIN_KEY_FILE: the file may not be read; allow the user that runs the exporter to read it',
    ],
    [
      'holds two keys',
      { FAL_KEY_FILE: '/k' },
      { files: { '/k': `${KEY}\n${ADMIN}` } },
      `/k FAL_KEY_FILE: contains a space or a line break, ${FORM}`,
    ],
    [
      'is something else',
      { FAL_KEY_FILE: '/k' },
      { files: { '/k': Buffer.alloc(20_000, 97) } },
      '/k FAL_KEY_FILE: the file is larger than 10 kB',
    ],
  ])('because its file %s is a problem', async (_why, env, world, line) => {
    expect(await linesOf(env, world)).toEqual([line]);
  });

  test('because it is given twice is a problem', async () => {
    const files = { '/k': KEY };
    expect(await linesOf({ FAL_KEY: KEY, FAL_KEY_FILE: '/k' }, { files })).toEqual([
      'FAL_KEY: FAL_KEY and FAL_KEY_FILE are both set; unset one of them',
    ]);
  });

  test('because half of the pair is missing is a problem', async () => {
    expect(await linesOf({ FAL_KEY_ID: 'a' })).toEqual([
      'FAL_KEY_SECRET: missing, while FAL_KEY_ID is set, expected both, or FAL_KEY alone',
    ]);
    expect(await linesOf({ FAL_KEY_SECRET: 'a' })).toEqual([
      'FAL_KEY_ID: missing, while FAL_KEY_SECRET is set, expected both, or FAL_KEY alone',
    ]);
  });

  test('is told together with the other one', async () => {
    expect(await linesOf({ FAL_KEY: 'x', FAL_ADMIN_KEY: 'y' })).toHaveLength(2);
  });
});

test('the key files to watch are those that are named', () => {
  expect(keyFiles({ FAL_KEY_FILE: '/a', FAL_ADMIN_KEY_FILE: ' ', FAL_KEY: 'x:y' })).toEqual(['/a']);
});
