import { expect } from 'vitest';
import type { Cell, ExpectedEnd, Played } from './cell.ts';
import { outcomeIn } from './expected.ts';
import { isWaitKnown } from './judge-times.ts';
import type { Chain } from './methods.ts';
import type { RecordedSpan, Recorder } from './recorded.ts';

/** Spans are given times in whole ms here and there. */
const RESOLUTION_MS = 1;

const PARTS = ['fal.upload', 'fal.submit', 'fal.queue_wait', 'fal.inference', 'fal.result_fetch'];

/** One span per call that the app waits for, with the parts of its request inside, and an error only on a failure. */
export function judgeSpans(
  recorder: Recorder,
  { chain }: Cell,
  { expected, played }: { readonly expected: ExpectedEnd; readonly played: Played },
): void {
  const isPending = typeof expected === 'object' && 'hangs' in expected;
  if (!isPending) expect(recorder.openSpans).toBe(0);
  const roots = recorder.spans.filter(({ parentId }) => parentId === undefined);
  const names = callsWithSpans(chain, played).map((call) => `${call.operation} ${chain.endpointId}`);
  expect(roots.map(({ name }) => name)).toEqual(names);
  for (const [index, call] of callsWithSpans(chain, played).entries()) {
    const root = roots[index];
    expect(root?.isError).toBe(call.isRejected && outcomeIn(expected) !== 'cancelled');
    expect(root?.attributes['error.type'] === undefined || root.isError).toBe(true);
  }
  for (const child of recorder.spans.filter(({ parentId }) => parentId !== undefined)) {
    judgeChild(
      child,
      roots.find(({ id }) => id === child.parentId),
    );
  }
  if (roots.length === 2) expect(roots[1]?.links).toEqual([roots[0]?.id]);
  judgeParts(recorder.spans, chain, expected, played);
}

interface CallWithSpan {
  readonly operation: string;
  readonly isRejected: boolean;
}

/** The calls that have ended and are steps of their own: the whole chain, or submit and result. */
function callsWithSpans(chain: Chain, { seen, end }: Played): CallWithSpan[] {
  if (chain.isAttached) {
    return end === 'pending' ? [] : [{ operation: chain.operation, isRejected: end === 'rejected' }];
  }
  return ['submit', 'result'].flatMap((operation) => {
    const isRejected = seen.some(({ what }) => what === `${operation} rejects`);
    const hasEnded = isRejected || seen.some(({ what }) => what === `${operation} resolves`);
    return hasEnded ? [{ operation, isRejected: isRejected || isUseless(seen, operation) }] : [];
  });
}

/** An answer to a submit without an id is a failure, although the call resolves. */
function isUseless(seen: Played['seen'], operation: string): boolean {
  return operation === 'submit' && seen.some(({ what }) => what === 'no request id');
}

function judgeChild(child: RecordedSpan, parent: RecordedSpan | undefined): void {
  expect(PARTS).toContain(child.name);
  expect(child.isError).toBe(false);
  expect(child.to).toBeGreaterThanOrEqual(child.from);
  expect(child.from).toBeGreaterThanOrEqual((parent?.from ?? NaN) - RESOLUTION_MS);
  expect(child.to).toBeLessThanOrEqual((parent?.to ?? NaN) + RESOLUTION_MS);
}

/** What went well has all its parts. */
function judgeParts(
  spans: readonly RecordedSpan[],
  chain: Chain,
  expected: ExpectedEnd,
  { seen }: Played,
): void {
  if (outcomeIn(expected) !== 'ok') return;
  const names = new Set(spans.filter(({ parentId }) => parentId !== undefined).map(({ name }) => name));
  const isQueued = chain.steps.includes('submit');
  if (chain.name.endsWith('with a file')) expect(names).toContain('fal.upload');
  if (isQueued) expect(names).toContain('fal.submit');
  if (isQueued) expect(names).toContain('fal.result_fetch');
  if (isQueued && chain.isAttached && isWaitKnown(seen)) expect(names).toContain('fal.queue_wait');
}
