import type { Headline, Judged, JudgedEndpoint } from './judged.ts';
import { faultOfRuns, type Health } from './health.ts';
import { judgedRuns } from './condition.ts';
import type { RunView } from './view.ts';
import { errorTypeWords, plural, sinceWords, withoutOwner } from './words.ts';

const MOST_NAMES = 3;
const EVIDENCE_FOR_FAL = 'the request ids below are the evidence for fal’s support';

/** When runs fail: is it the way there, all of fal, or one model? */
export function falHeadline(judged: Judged): Headline | undefined {
  const failing = judged.endpoints.filter(({ health }) => health.kind === 'failing');
  const told = judged.endpoints.filter(({ health }) => health.kind !== 'no_data');
  const failures = failing.flatMap(({ endpoint }) =>
    judgedRuns(endpoint.runs).filter((run) => run.verdict === 'failure'),
  );
  if (isUnreachable(judged, failures)) return unreachableHeadline(judged, failing);
  if (failing.length === 0) return gatewayHeadline(judged);
  if (failing.length >= 2 && failing.length === told.length)
    return everyModelHeadline(judged, failing, failures);
  return someModelsHeadline(judged, failing, told);
}

/** Not even fal's gate was seen: an error that fal itself sent, or one good run, would prove the way. */
function isUnreachable({ view, endpoints, gateways }: Judged, failures: readonly RunView[]): boolean {
  if (endpoints.some(isAnswering) || view.hosts.some((host) => host.up)) return false;
  if (failures.length > 0) return failures.every((run) => run.error?.fault === 'network');
  return view.hosts.length > 0 && gateways.some(({ health }) => health.kind === 'failing');
}

function isAnswering({ health }: JudgedEndpoint): boolean {
  return ['well', 'slow', 'shaky', 'stale'].includes(health.kind);
}

function unreachableHeadline({ view, gateways }: Judged, failing: readonly JudgedEndpoint[]): Headline {
  const subjects = [...failing, ...gateways.filter(({ health }) => health.kind === 'failing')];
  return {
    level: 'broken',
    text: `No way from here to fal ${sinceText(subjects, view.at)}`,
    evidence:
      'Every connection from this machine fails before fal answers: its network, DNS or proxy, or fal’s edge. From here the two look the same.',
    next: 'From this machine try: curl -I https://queue.fal.run. If that works elsewhere, mend the network here; if not, look at status.fal.ai.',
  };
}

function everyModelHeadline(
  { view }: Judged,
  failing: readonly JudgedEndpoint[],
  failures: readonly RunView[],
): Headline {
  return {
    level: 'broken',
    text: `fal: every model ${verb(failures)} ${sinceText(failing, view.at)}`,
    evidence: `${tally(failing, failures)}${hostWords(view)} Your key and account are not the reason.`,
    next: `Nothing to mend on your side. Pause jobs or switch to your fallback provider, watch status.fal.ai; ${EVIDENCE_FOR_FAL}.`,
  };
}

function someModelsHeadline(
  { view }: Judged,
  failing: readonly JudgedEndpoint[],
  told: readonly JudgedEndpoint[],
): Headline {
  const failures = failing.flatMap(({ endpoint }) =>
    judgedRuns(endpoint.runs).filter((run) => run.verdict === 'failure'),
  );
  const names = namesOf(failing);
  const isOne = failing.length === 1;
  const subject = isOne
    ? `${names} ${verb(failures)}`
    : `${failing.length} of ${plural(told.length, 'model')} ${verb(failures)} (${names})`;
  const isOnly = told.length === failing.length;
  return {
    level: 'broken',
    text: `fal: ${subject} ${sinceText(failing, view.at)}`,
    evidence: `${tally(failing, failures)} ${isOnly ? ONLY_MODEL : othersWords(told)}`,
    next: isOnly
      ? `Nothing to mend on your side. Switch to your fallback, watch status.fal.ai, and probe a second model to tell model and platform apart; ${EVIDENCE_FOR_FAL}.`
      : `Move traffic from ${names} to another model or provider; ${EVIDENCE_FOR_FAL}.`,
  };
}

const ONLY_MODEL = 'It is the only model probed, so whether all of fal is affected cannot be told.';

function othersWords(told: readonly JudgedEndpoint[]): string {
  const count = told.filter(isAnswering).length;
  if (count === 0) return 'No other model answers well.';
  const subject = count === 1 ? 'One other model answers' : `${count} other models answer`;
  return `${subject}, so key, account and network are fine.`;
}

/** No model fails (or none is probed), but the free probe does: some hosts are away. */
function gatewayHeadline({ view, gateways }: Judged): Headline | undefined {
  const failing = gateways.filter(({ health }) => health.kind === 'failing');
  const down = view.hosts.filter((host) => !host.up);
  if (failing.length === 0 || down.length === 0) return undefined;
  return {
    level: 'warning',
    text: `fal: ${down.map((host) => host.host).join(', ')} not answering ${sinceText(failing, view.at)}`,
    evidence: `${view.hosts.length - down.length} of ${plural(view.hosts.length, 'host')} of fal answer from here.`,
    next: 'Look at status.fal.ai; what your app does through these hosts may fail.',
  };
}

function verb(failures: readonly RunView[]): string {
  const isTimeouts = failures.length > 0 && failures.every((run) => run.outcome === 'timeout');
  return isTimeouts ? 'timing out' : 'failing';
}

function tally(failing: readonly JudgedEndpoint[], failures: readonly RunView[]): string {
  const runs = failing.reduce((sum, { endpoint }) => sum + judgedRuns(endpoint.runs).length, 0);
  const { errorType, fault } = faultOfRuns(failures);
  const share = failures.filter((run) => run.error?.type === errorType).length;
  const isAll = share === failures.length;
  const what =
    errorType === undefined
      ? ''
      : `, ${isAll ? 'all' : `${share}`} with ${errorTypeWords(errorType)}${FAULT_WORDS[fault ?? 'unknown']}`;
  const recovering = failing.every(({ health }) => health.isRecovering === true)
    ? ' The newest runs succeed again.'
    : '';
  return `${failures.length} of the last ${plural(runs, 'run')} failed${what}.${recovering}`;
}

const FAULT_WORDS: Readonly<Record<NonNullable<Health['fault']>, string>> = {
  app: '',
  account: '',
  model: ' (the model’s fault)',
  platform: ' (fal’s platform)',
  network: ' (the network)',
  unknown: ' (whose fault cannot be told from the error alone)',
};

function hostWords({ hosts }: Judged['view']): string {
  if (hosts.length === 0) return '';
  const up = hosts.filter((host) => host.up).length;
  return up === hosts.length
    ? ' fal’s hosts still answer.'
    : ` ${up} of ${hosts.length} hosts of fal answer.`;
}

function namesOf(failing: readonly JudgedEndpoint[]): string {
  const names = failing.map(({ endpoint }) => withoutOwner(endpoint.id));
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : names.join(', ');
}

/** The trouble began with the first of them. */
function sinceText(subjects: readonly { readonly health: Health }[], now: number): string {
  const times = subjects.flatMap(({ health }) => health.since ?? []);
  return times.length === 0 ? 'right now' : sinceWords(Math.min(...times), now);
}
