import { compare, hash } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { BasicAuth } from './basic-auth.ts';
import { login } from './stage.ts';

const ALICE = new Map([['alice', await hash('correct horse', 4)]]);

/** Counts how often a password was really compared. */
function counted(): { compare: typeof compare; calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    compare: (password: string, hashed: string) => {
      calls.push(hashed);
      return compare(password, hashed);
    },
  };
}

describe('basic authentication', () => {
  it('lets in who knows the password, and nobody else', async () => {
    const auth = new BasicAuth(compare);
    const check = (header: string | undefined): Promise<string> => auth.check(ALICE, header);
    expect(await check(login('alice', 'correct horse').authorization)).toBe('granted');
    expect(await check(login('alice', 'wrong').authorization)).toBe('refused');
    expect(await check(login('bob', 'correct horse').authorization)).toBe('refused');
    for (const header of [undefined, '', 'Basic', 'Basic !!!', 'Basic YWxpY2U=', 'Bearer abc']) {
      expect(await check(header)).toBe('refused');
    }
  });

  it('asks nobody when no users are configured', async () => {
    expect(await new BasicAuth(compare).check(new Map(), undefined)).toBe('open');
  });

  it('works as hard for an unknown user as for the most expensive known one', async () => {
    const { calls, compare: counting } = counted();
    const users = new Map([...ALICE, ['carol', await hash('x', 5)]]);
    await new BasicAuth(counting).check(users, login('mallory', 'x').authorization);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/^\$2b\$05\$.{53}$/);
  });

  it('refuses an unknown user even if the stand-in hash should ever match', async () => {
    const auth = new BasicAuth(() => Promise.resolve(true));
    expect(await auth.check(ALICE, login('mallory', 'x').authorization)).toBe('refused');
    expect(await auth.check(ALICE, login('mallory', 'x').authorization)).toBe('refused');
    expect(await auth.check(ALICE, login('alice', 'x').authorization)).toBe('granted');
  });

  it('compares once and remembers good and bad verdicts', async () => {
    const { calls, compare: counting } = counted();
    const auth = new BasicAuth(counting);
    for (let i = 0; i < 3; i += 1) {
      expect(await auth.check(ALICE, login('alice', 'correct horse').authorization)).toBe('granted');
      expect(await auth.check(ALICE, login('alice', 'wrong').authorization)).toBe('refused');
    }
    expect(calls).toHaveLength(2);
  });

  it('forgets a verdict when the password of the user changes', async () => {
    const auth = new BasicAuth(compare);
    const header = login('alice', 'correct horse').authorization;
    expect(await auth.check(ALICE, header)).toBe('granted');
    expect(await auth.check(new Map([['alice', await hash('new', 4)]]), header)).toBe('refused');
  });

  // CVE-2022-46146: parts glued together let user "a" + hash "bc" pass for user "ab" + hash "c".
  it('keeps verdicts apart whose parts only read the same when glued together', async () => {
    const always = new BasicAuth((password) => Promise.resolve(password === 'p'));
    const users = new Map([['a', 'bc']]);
    expect(await always.check(users, login('a', 'p').authorization)).toBe('granted');
    expect(await always.check(new Map([['ab', 'c']]), login('a', 'bcp').authorization)).toBe('refused');
    expect(await always.check(new Map([['a', 'b']]), login('a', 'cp').authorization)).toBe('refused');
  });

  it('remembers at most a hundred verdicts', async () => {
    let compared = 0;
    const auth = new BasicAuth(() => {
      compared += 1;
      return Promise.resolve(false);
    });
    const ask = (index: number): Promise<string> =>
      auth.check(ALICE, login('alice', `p${index}`).authorization);
    for (let index = 0; index <= 100; index += 1) await ask(index);
    await ask(100);
    expect(compared).toBe(101);
    await ask(0);
    expect(compared).toBe(102);
  });

  it('runs one comparison at a time, and turns away what would wait too long', async () => {
    let running = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const auth = new BasicAuth(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => release.push(resolve));
      running -= 1;
      return false;
    });
    const asked = Array.from({ length: 25 }, (_, index) =>
      auth.check(ALICE, login('alice', `p${index}`).authorization),
    );
    let settled = false;
    const all = Promise.all(asked).finally(() => (settled = true));
    while (!settled) {
      release.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const verdicts = await all;
    expect(most).toBe(1);
    expect(verdicts.filter((verdict) => verdict === 'too_busy')).toHaveLength(5);
  });
});
