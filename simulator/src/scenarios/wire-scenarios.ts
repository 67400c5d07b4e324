import type { Step, WireFault } from '../wire/wire-rule.ts';
import type { Change, Scenario } from './scenario.ts';

const MODEL_HOSTS = ['fal.run', 'queue.fal.run'];

/** A fault in the answers that carry a model's output. */
function onOutput(name: string, fault: WireFault, description: string): Scenario {
  const steps: Step[] = ['run', 'result'];
  return { name, description, changes: [{ kind: 'wire', rule: { fault, steps } }] };
}

function onStreams(name: string, fault: WireFault, description: string): Scenario {
  const steps: Step[] = ['stream', 'status-stream'];
  return { name, description, changes: [{ kind: 'wire', rule: { fault, steps } }] };
}

function onSockets(name: string, fault: WireFault, description: string): Scenario {
  return { name, description, changes: [{ kind: 'wire', rule: { fault, steps: ['realtime'] } }] };
}

function hostDown(name: string, host: string): Scenario {
  return {
    name,
    description: `Connections to ${host} are reset; every other host works.`,
    changes: [{ kind: 'wire', rule: { fault: 'reset', hosts: [host] } }],
  };
}

function onModelHosts(fault: WireFault): readonly Change[] {
  return [{ kind: 'wire', rule: { fault, hosts: MODEL_HOSTS } }];
}

/** Scenarios of gateways, hosts and connections. */
export const WIRE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'outage',
    description:
      'Every model call, poll and upload gets 503. The Platform API and the status page still answer.',
    changes: [
      {
        kind: 'wire',
        rule: { fault: 'error', errorType: 'runner_scheduling_failure', hosts: MODEL_HOSTS },
      },
      { kind: 'wire', rule: { fault: 'error', errorType: 'service_unavailable', hosts: ['rest.fal.ai'] } },
    ],
  },
  {
    name: 'rate-limit-storm',
    description: 'Nine in ten runs, streams and submits get 429.',
    changes: [
      {
        kind: 'wire',
        rule: {
          fault: 'error',
          errorType: 'concurrent_requests_limit',
          steps: ['run', 'stream'],
          rate: 0.9,
        },
      },
      { kind: 'wire', rule: { fault: 'error', errorType: 'rate_limited', steps: ['submit'], rate: 0.9 } },
    ],
  },
  {
    name: 'ingress-html-502',
    description: 'The load balancer answers with its own HTML page and 502; no fal header in it.',
    changes: onModelHosts('ingress-html-502'),
  },
  { name: 'hang', description: 'The model hosts never answer.', changes: onModelHosts('hang') },
  {
    name: 'hang-after-headers',
    description: 'Results and runs send their headers and then nothing.',
    changes: [{ kind: 'wire', rule: { fault: 'hang-after-headers', steps: ['run', 'result'] } }],
  },
  {
    name: 'hang-on-status',
    description: 'Submits work; status polls never answer.',
    changes: [{ kind: 'wire', rule: { fault: 'hang', steps: ['status', 'status-stream'] } }],
  },
  {
    name: 'reset-after-submit',
    description:
      'The connection breaks after a submit has created its job; the repeated submit is a second job.',
    changes: [{ kind: 'wire', rule: { fault: 'reset-after', steps: ['submit'], sparesRepeats: true } }],
  },
  onOutput('malformed-json', 'malformed-json', 'Outputs are called JSON and are none.'),
  onOutput('null-body', 'null-body', 'Outputs are the JSON value null.'),
  onOutput('empty-body', 'empty-body', 'Outputs are empty.'),
  onOutput('truncated-body', 'truncated-body', 'The connection breaks in the middle of an output.'),
  onOutput('huge-body', 'huge-body', 'Outputs carry four megabytes of padding.'),
  onOutput('slow-loris', 'slow-loris', 'Outputs come at one byte per second.'),
  {
    name: 'wrong-content-type',
    description: 'Statuses and outputs are right but called text/plain.',
    changes: [{ kind: 'wire', rule: { fault: 'wrong-content-type', steps: ['run', 'status', 'result'] } }],
  },
  onStreams('stream-cut', 'truncated-body', 'Event streams break off after the first event.'),
  onStreams('stream-silent', 'silence', 'Event streams send one event, then nothing, and stay open.'),
  onStreams(
    'stream-ends-early',
    'early-end',
    'Event streams end in good order after one event; the jobs go on.',
  ),
  onStreams('stream-invalid-event', 'invalid-event', 'The second event of each stream is no JSON.'),
  onStreams(
    'stream-heartbeats',
    'heartbeats',
    'Event streams carry a comment every five seconds; all is well.',
  ),
  {
    name: 'realtime-refused',
    description: 'WebSocket handshakes are refused with 503, which clients see as close code 1006.',
    changes: [
      {
        kind: 'wire',
        rule: { fault: 'error', errorType: 'runner_scheduling_failure', steps: ['realtime'] },
      },
    ],
  },
  onSockets('realtime-cut', 'truncated-body', 'WebSockets break (1006) when the first output is due.'),
  onSockets(
    'realtime-server-error',
    'close-1011',
    'WebSockets are closed with 1011 when the first output is due.',
  ),
  onSockets('realtime-garbage', 'invalid-event', 'The first message of each WebSocket is garbage.'),
  onSockets('realtime-silent', 'silence', 'WebSockets open, take messages, and never send any.'),
  onSockets('realtime-slow', 'slow-loris', 'Messages of WebSockets come ten seconds late.'),
  hostDown('host-down-run', 'fal.run'),
  hostDown('host-down-queue', 'queue.fal.run'),
  hostDown('host-down-rest', 'rest.fal.ai'),
  hostDown('host-down-platform', 'api.fal.ai'),
  hostDown('host-down-status', 'status.fal.ai'),
];
