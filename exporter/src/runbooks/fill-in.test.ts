import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertAtHand, fillIn } from './fill-in.ts';

function atHand(query: string): ReturnType<typeof alertAtHand> {
  return alertAtHand(new URLSearchParams(query));
}

describe('the alert at hand', () => {
  it('is what the address says of model and account', () => {
    expect(atHand('endpoint_id=fal-ai/flux/dev&account=default')).toEqual({
      endpointId: 'fal-ai/flux/dev',
      account: 'default',
    });
    expect(atHand('')).toEqual({ endpointId: undefined, account: undefined });
  });

  it.each(['fal-ai', 'fal-ai/', '/flux', 'a/b"} or vector(1) #', 'a/b c', 'a/b\n', `a/${'b'.repeat(200)}`])(
    'leaves out %j, which is no endpoint id',
    (endpointId) => {
      expect(alertAtHand(new URLSearchParams({ endpoint_id: endpointId })).endpointId).toBeUndefined();
    },
  );

  it('never lets a value end the string of a query', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (endpointId, account) => {
        const found = alertAtHand(new URLSearchParams({ endpoint_id: endpointId, account }));
        const query = fillIn('up{a="ENDPOINT_ID",b="ACCOUNT"}', found);
        expect(query).toMatch(/^up\{a="[^"\\\s]+",b="[^"\\\s]+"\}$/);
      }),
    );
  });
});

describe('filling in', () => {
  it('puts model, app and account where a reader would', () => {
    const found = atHand('endpoint_id=fal-ai/flux/dev&account=prod');
    expect(fillIn('up{endpoint_id="ENDPOINT_ID", account="ACCOUNT"}', found)).toBe(
      'up{endpoint_id="fal-ai/flux/dev", account="prod"}',
    );
    expect(fillIn('https://queue.fal.run/OWNER/APP/requests/REQUEST_ID/cancel', found)).toBe(
      'https://queue.fal.run/fal-ai/flux/requests/REQUEST_ID/cancel',
    );
  });

  it('knows that a namespace comes before owner and app', () => {
    expect(fillIn('OWNER/APP', atHand('endpoint_id=workflows/ada/night/v2'))).toBe('workflows/ada/night');
  });

  it('leaves what is not known, and words that only look alike', () => {
    expect(fillIn('ENDPOINT_ID ACCOUNT', atHand('account=prod'))).toBe('ENDPOINT_ID prod');
    expect(fillIn('MY_ACCOUNT ACCOUNTS', atHand('account=prod'))).toBe('MY_ACCOUNT ACCOUNTS');
  });
});
