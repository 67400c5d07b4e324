import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { afterAll, expect } from 'vitest';
import { changesOf, groundNow, type Ground } from './ground.ts';

/**
 * Runs before and after each file of unit tests: what a file leaves behind is its own failure, and not that of
 * whichever file comes next in the same worker.
 */
const before = look();

afterAll(() => {
  expect(changesOf(before, look()), 'this file leaves behind').toEqual([]);
});

function look(): Ground {
  return groundNow({
    'global meter provider': metrics.getMeterProvider(),
    'global tracer': tracing(),
    'global propagator': propagation.fields().join(),
    'active context': context.active(),
  });
}

/** What the global tracer does: the provider that one can ask for is a proxy that always stays. */
function tracing(): string {
  const span = trace.getTracer('ground').startSpan('ground');
  const isRecording = span.isRecording();
  span.end();
  return isRecording ? 'records' : 'records nothing';
}
