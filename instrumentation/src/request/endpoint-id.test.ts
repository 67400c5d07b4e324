import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointIdOf } from './endpoint-id.ts';

describe('an endpoint id as a label', () => {
  it.each([
    ['fal-ai/flux/dev', 'fal-ai/flux/dev'],
    ['/fal-ai/flux/dev/', 'fal-ai/flux/dev'],
    ['https://fal.run/fal-ai/flux/dev/', 'fal-ai/flux/dev'],
    ['https://fal.run/fal-ai/flux?fal_jwt_token=secret', 'fal-ai/flux'],
    ['HTTPS://queue.fal.run/fal-ai/flux#part', 'fal-ai/flux'],
    ['110602490-lora', '110602490/lora'],
    ['workflows/me/my-flow', 'workflows/me/my-flow'],
    ['', '_OTHER'],
    ['https://fal.run', '_OTHER'],
    ['///', '_OTHER'],
  ])('%j is %j', (given, id) => {
    expect(endpointIdOf(given)).toBe(id);
  });

  it.each([undefined, null, 7, {}, ['fal-ai/flux'], Symbol('x')])(
    'is _OTHER for what is no text',
    (given) => {
      expect(endpointIdOf(given)).toBe('_OTHER');
    },
  );

  it('never holds a query or more than 200 characters, and is never empty', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('https://', 'fal.run', '/', '?', '#', '\n', '1-a'));
    const text = fc.array(part, { maxLength: 9 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ minLength: 190, maxLength: 260 })), (given) => {
        const id = endpointIdOf(given);
        expect(id).not.toMatch(/[?#]/);
        expect(id.length).toBeGreaterThan(0);
        expect(id.length).toBeLessThanOrEqual(200);
      }),
    );
  });
});
