import type { Step, WireFault } from 'fal-simulator';
import type { Cell } from './cell.ts';
import { underWireFault } from './expected.ts';
import { type Chain, chainNamed } from './methods.ts';

/** Longer than the six attempts that the client makes of a poll. */
const HORIZON_MS = 45_000;

/** Faults that any answer can have. */
const FAULTS: readonly WireFault[] = [
  ...(['hang', 'hang-after-headers', 'reset', 'reset-after', 'truncated-body'] as const),
  ...(['malformed-json', 'null-body', 'empty-body', 'wrong-content-type'] as const),
  ...(['ingress-html-502', 'ingress-html-503', 'ingress-html-504'] as const),
];
const STREAM_FAULTS: readonly WireFault[] = ['silence', 'early-end', 'invalid-event', 'heartbeats'];
const STREAMS: readonly Step[] = ['stream', 'status-stream'];

/** Steps of each chain; one that several chains take in the same way is broken in one of them. */
const PLACES: readonly (readonly [chain: string, steps: readonly Step[]])[] = [
  ['run', ['run']],
  ['run with a file', ['upload', 'media']],
  ['subscribe', ['submit', 'status', 'result']],
  ['subscribe by streaming', ['submit', 'status-stream', 'result']],
  ['subscribe with a file', ['upload', 'media']],
  ['submit, status, result', ['submit', 'status', 'result']],
  ['submit, subscribeToStatus, result', ['status']],
  ['submit, streamStatus, result', ['status-stream', 'result']],
  ['stream', ['stream']],
  ['stream in client mode', ['token', 'stream']],
  ['upload', ['upload', 'media']],
  ['cancel while it waits', ['submit', 'cancel']],
  ['cancel while it runs on', ['cancel']],
];

/** Every fault of the wire in every exchange of the chain, once and each time. */
export function wireCells(names: readonly string[]): Cell[] {
  return PLACES.filter(([name]) => names.includes(name)).flatMap(([name, steps]) =>
    steps.flatMap((step) => cellsAt(chainNamed(name), step)),
  );
}

function cellsAt(chain: Chain, step: Step): Cell[] {
  const faults = STREAMS.includes(step) ? [...FAULTS, ...STREAM_FAULTS] : FAULTS;
  return faults.flatMap((fault) => {
    const expected = underWireFault(chain, fault, step);
    const cell = (times: number, how: string): Cell => ({
      chain,
      fault: `${fault} ${how} on ${step}`,
      arrange: ({ simulator }) => simulator.engine.breakWire({ fault, steps: [step], times }),
      expected,
      horizonMs: HORIZON_MS,
    });
    return [cell(1, 'once'), cell(Infinity, 'always')];
  });
}
