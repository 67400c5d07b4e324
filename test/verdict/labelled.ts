import type { VerdictKind } from '../../exporter/src/verdict/verdict.ts';
import type { Endpoint } from 'fal-simulator';
import { DEV, KLING, SCHNELL, SDXL, type Stage } from './stage.ts';

/** A fault of which the cause is known, because we cause it. */
export interface Labelled {
  readonly name: string;
  /** Why these verdicts are the right ones. */
  readonly why: string;
  readonly overall: VerdictKind;
  /** Per model, where it differs from `overall`. */
  readonly endpoints?: Readonly<Record<string, VerdictKind>> | undefined;
  readonly begin: (stage: Stage) => void;
  /** Without it the scenario `healthy` comes back. */
  readonly end?: ((stage: Stage) => void) | undefined;
  /** The models that are probed; all four by default. */
  readonly models?: readonly string[] | undefined;
  /** Whether the faults come and go in the middle; a judge that leaves `ok` for them is wrong. */
  readonly isQuiet?: true | undefined;
}

const on =
  (scenario: string, endpointId?: string) =>
  ({ simulator }: Stage): void =>
    simulator.applyScenario(scenario, endpointId === undefined ? {} : { endpointId });

const OTHERS_OK = (sick: string): Record<string, VerdictKind> =>
  Object.fromEntries([DEV, SCHNELL, SDXL, KLING].filter((id) => id !== sick).map((id) => [id, 'ok']));
const ALL_OK: Readonly<Record<string, VerdictKind>> = {
  [DEV]: 'ok',
  [SCHNELL]: 'ok',
  [SDXL]: 'ok',
  [KLING]: 'ok',
};

function changeModel({ simulator }: Stage, id: string, change: Partial<Endpoint>): void {
  const endpoint = simulator.world.endpoints.get(id);
  if (endpoint === undefined) throw new Error(`the simulated world has no ${id}`);
  Object.assign(endpoint, change);
}

/** Dollars that are left: below every mark, and enough for the time that is played. */
function lowerBalance({ simulator }: Stage): void {
  for (const account of simulator.world.accounts.values()) account.balanceNano = 15e9;
}

function everywhere(scenario: string, overall: VerdictKind, why: string): Labelled {
  return { name: scenario, overall, why, begin: on(scenario) };
}

function oneModel(scenario: string, sick: string, why: string): Labelled {
  return {
    name: `${scenario} on one model`,
    overall: 'model',
    endpoints: OTHERS_OK(sick),
    why,
    begin: on(scenario, sick),
  };
}

function quiet(name: string, why: string, begin: Labelled['begin']): Labelled {
  return { name, overall: 'ok', why, begin, isQuiet: true };
}

const ACCOUNT: readonly Labelled[] = [
  everywhere('locked-with-balance', 'account', 'fal says so, whatever the balance is'),
  everywhere('locked-admin', 'account', 'fal says so'),
  everywhere('locked-reads-too', 'account', 'status and result are refused as well'),
  everywhere('balance-exhausted', 'account', 'the account locks itself'),
  everywhere('key-revoked', 'account', '401 on every call'),
  everywhere('rate-limit-storm', 'account', 'nine in ten submits get 429'),
  {
    name: 'one model locked out of by a 429',
    overall: 'account',
    endpoints: OTHERS_OK(SDXL),
    why: 'a limit is the account’s, even where only one model meets it',
    begin: ({ simulator }) =>
      simulator.engine.breakWire({
        ...{ fault: 'error', errorType: 'concurrent_requests_limit', steps: ['submit'], endpointId: SDXL },
      }),
  },
  {
    name: 'lock in the middle of an outage of one model',
    overall: 'account',
    why: 'while locked, nothing more can be known of the model',
    begin: (stage) => {
      on('locked-with-balance')(stage);
      stage.simulator.engine.failRate({ endpointId: DEV, errorType: 'runner_server_error', rate: 1 });
    },
  },
];

const APP: readonly Labelled[] = [
  {
    name: 'content-policy on one model',
    overall: 'app',
    endpoints: OTHERS_OK(DEV),
    why: 'the prompt of this probe is flagged, every time',
    begin: on('content-policy', DEV),
  },
  everywhere('content-policy', 'app', 'every prompt is flagged'),
  {
    name: 'a field that the model wants is missing',
    overall: 'app',
    endpoints: OTHERS_OK(SCHNELL),
    why: 'the model answers 422 to what the probe sends',
    begin: (stage) => changeModel(stage, SCHNELL, { requiredInput: ['prompt', 'image_url'] }),
    end: (stage) => changeModel(stage, SCHNELL, { requiredInput: ['prompt'] }),
  },
  {
    name: 'own network cut',
    overall: 'app',
    why: 'not even the status page, which stands elsewhere, can be read',
    begin: (stage) => stage.setNetwork('cut'),
    end: (stage) => stage.setNetwork('well'),
  },
  {
    name: 'own network drops every packet',
    overall: 'app',
    why: 'as above, but nothing is refused: everything times out',
    begin: (stage) => stage.setNetwork('silent'),
    end: (stage) => stage.setNetwork('well'),
  },
];

const MODEL: readonly Labelled[] = [
  oneModel('one-model-outage', DEV, 'the others run'),
  oneModel('downstream-unavailable', KLING, 'a partner of this model is down'),
  oneModel('generation-timeout', SDXL, 'the model does not come to an end'),
  oneModel('no-runners', SCHNELL, 'no runner for this model, the others have theirs'),
  oneModel('queue-stall', SCHNELL, 'the queue of this model stands still'),
  oneModel('stuck-in-progress', DEV, 'jobs of this model never end'),
  oneModel('slow-inference', DEV, 'it takes five times as long, beyond its limit'),
  oneModel('slow-cold-start', SDXL, 'every run meets a cold start of 45 s'),
  oneModel('no-media-generated', KLING, 'runs end without output'),
  {
    name: 'one model down while the balance is low',
    overall: 'model',
    endpoints: OTHERS_OK(SDXL),
    why: 'a low balance refuses nothing yet',
    begin: (stage) => {
      lowerBalance(stage);
      stage.simulator.engine.failRate({ endpointId: SDXL, errorType: 'internal_server_error', rate: 1 });
    },
  },
  {
    name: 'one model down while the status page shows an incident',
    overall: 'model',
    endpoints: OTHERS_OK(DEV),
    why: 'the page agrees that something is wrong, the probes say what',
    begin: (stage) => {
      on('status-page-incident')(stage);
      stage.simulator.engine.failRate({ endpointId: DEV, errorType: 'internal_server_error', rate: 1 });
    },
  },
];

const PLATFORM: readonly Labelled[] = [
  everywhere('outage', 'platform', 'every model call gets 503'),
  everywhere('ingress-html-502', 'platform', 'fal’s load balancer answers for its models'),
  everywhere('hang', 'platform', 'the model hosts never answer, the others do'),
  everywhere('host-down-queue', 'platform', 'every model is reached through it'),
  everywhere('no-runners', 'platform', 'no model gets a runner'),
  everywhere('runner-disconnected', 'platform', 'every model loses its runner'),
  everywhere('generation-timeout', 'platform', 'all models at once is no matter of one model'),
  everywhere('queue-stall', 'platform', 'no queue moves'),
  everywhere('reset-after-submit', 'platform', 'the gate breaks every submit; hosts answer'),
  everywhere('malformed-json', 'platform', 'every output is garbled'),
  everywhere('slow-cold-start', 'platform', 'every model starts cold'),
  {
    name: 'host-down-run',
    overall: 'platform',
    endpoints: ALL_OK,
    why: 'direct calls fail; the queue works',
    begin: on('host-down-run'),
  },
  {
    name: 'host-down-platform',
    overall: 'platform',
    endpoints: ALL_OK,
    why: 'the Platform API is down; models work',
    begin: on('host-down-platform'),
  },
  {
    name: 'outage while the status page shows an incident',
    overall: 'platform',
    why: 'fal says the same',
    begin: (stage) => {
      on('outage')(stage);
      stage.simulator.engine.setSwitches({ statusPage: 'incident' });
    },
    end: (stage) => {
      on('healthy')(stage);
      stage.simulator.engine.setSwitches({ statusPage: 'up' });
    },
  },
];

const UNKNOWN: readonly Labelled[] = [
  {
    name: 'the scheduler is stuck',
    overall: 'unknown',
    why: 'old data says nothing about now',
    begin: (stage) => stage.pauseProbes(),
    end: (stage) => stage.resumeProbes(),
  },
  {
    name: 'the only model times out',
    overall: 'unknown',
    why: 'nobody to compare with, and only our own patience ended',
    models: [DEV],
    begin: on('stuck-in-progress', DEV),
  },
];

/** One model alone: what an error says of itself is all there is. */
const LONE: readonly Labelled[] = [
  {
    name: 'the only model, runner-disconnected',
    overall: 'platform',
    why: 'every runner of fal is lost, which one model alone cannot prove',
    models: [DEV],
    begin: on('runner-disconnected'),
  },
  {
    name: 'the only model, one-model-outage',
    overall: 'model',
    why: 'fal answers runner_server_error as in an outage of all: a miss must at least not be sure',
    models: [DEV],
    begin: on('one-model-outage', DEV),
  },
  {
    name: 'the only model, host-down-queue',
    overall: 'platform',
    why: 'the free probe sees the host down beside others that are up',
    models: [DEV],
    begin: on('host-down-queue'),
  },
  {
    name: 'the only model, key-revoked',
    overall: 'account',
    why: '401 needs nobody to compare with',
    models: [DEV],
    begin: on('key-revoked'),
  },
];

const QUIET: readonly Labelled[] = [
  quiet('nothing at all', 'all is well', on('healthy')),
  quiet('a single 422', 'one refused run proves nothing', ({ simulator }) =>
    simulator.engine.failNext({ endpointId: DEV, errorType: 'content_policy_violation' }),
  ),
  quiet('a single time-out of a model', 'one bad run proves nothing', ({ simulator }) =>
    simulator.engine.failNext({ endpointId: KLING, errorType: 'generation_timeout', final: true }),
  ),
  quiet('a single 401', 'a hiccup of the gate is no revoked key', ({ simulator }) =>
    simulator.engine.breakWire({
      ...{ fault: 'error', errorType: 'unauthorized', steps: ['submit'], times: 1 },
    }),
  ),
  quiet('a cold start', 'one slow run proves nothing', (stage) => {
    changeModel(stage, DEV, { coldStart: { medianMs: 25_000, sigma: 0 }, warmRunners: 0 });
    stage.simulator.engine.failNext({ endpointId: DEV, errorType: 'runner_disconnected' });
  }),
  quiet('platform retries', 'fal mends it itself', ({ simulator }) => {
    simulator.engine.failNext({ endpointId: DEV, errorType: 'runner_disconnected', times: 2 });
    simulator.engine.failNext({ endpointId: KLING, errorType: 'runner_disconnected', times: 2 });
  }),
  quiet('admin-key-revoked', 'only money is unknown', on('admin-key-revoked')),
  quiet('status-page-incident', 'healthy probes beat the page', on('status-page-incident')),
  quiet('status-page-html', 'an unreadable page says nothing', on('status-page-html')),
  quiet('low balance', 'money is left, and calls go through', lowerBalance),
  quiet('platform-rate-limited', 'the Platform API is not the models', on('platform-rate-limited')),
  quiet('ordinary noise', 'two runs in a hundred fail, each for another reason', ({ simulator }) => {
    for (const errorType of [
      'internal_server_error',
      'content_policy_violation',
      'downstream_service_unavailable',
    ]) {
      simulator.engine.failRate({ errorType, rate: 0.007 });
    }
  }),
];

export const LABELLED: readonly Labelled[] = [
  ...QUIET,
  ...ACCOUNT,
  ...APP,
  ...MODEL,
  ...PLATFORM,
  ...UNKNOWN,
  ...LONE,
];
