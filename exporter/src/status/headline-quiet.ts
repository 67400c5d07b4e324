import { moneyHeadline } from './headline-money.ts';
import { namesOf } from './headline-words.ts';
import type { HealthKind } from './health.ts';
import type { Headline, Judged, JudgedEndpoint } from './judged.ts';
import { plural, roughly, sinceWords, withoutOwner } from './words.ts';

/** Lesser troubles that blame nobody, in the order in which they deserve the headline. */
const LESSER: readonly HealthKind[] = [
  'limited',
  'forbidden',
  'input_refused',
  'key_rejected',
  'locked',
  'shaky',
  'failing',
  'slow',
  'stale',
];

interface LesserWords {
  readonly text: (names: string) => string;
  readonly next: string;
}

const REFUSED_ONCE: LesserWords = {
  text: (names) => `The newest run of ${names} was refused`,
  next: 'Nothing yet: one run proves nothing. The next one tells more.',
};

const FAILED_BEFORE: LesserWords = {
  text: (names) => `${names} failing now and then`,
  next: 'Watch it, and let your app retry what is safe to retry.',
};

const LESSER_WORDS: Readonly<Partial<Record<HealthKind, LesserWords>>> = {
  limited: REFUSED_ONCE,
  forbidden: REFUSED_ONCE,
  input_refused: REFUSED_ONCE,
  key_rejected: REFUSED_ONCE,
  locked: REFUSED_ONCE,
  shaky: FAILED_BEFORE,
  failing: FAILED_BEFORE,
  slow: {
    text: (names) => `${names} now and then slower than the limit`,
    next: 'See queue and inference below. If the model always takes this long, raise its latency_limit in fal-exporter.yml.',
  },
  stale: {
    text: (names) => `This exporter has no fresh data on ${names}`,
    next: 'See the reason beside the probe; the numbers of this model are old.',
  },
};

/** When nobody is to blame: lesser troubles, no data yet, or all good. */
export function quietHeadline(judged: Judged): Headline {
  return (
    lesserHeadline(judged) ??
    noDataHeadline(judged) ??
    wayHeadline(judged) ??
    moneyHeadline(judged) ??
    goodHeadline(judged)
  );
}

function lesserHeadline({ view, endpoints }: Judged): Headline | undefined {
  for (const kind of LESSER) {
    const hit = endpoints.filter(({ health }) => health.kind === kind);
    const words = LESSER_WORDS[kind];
    const [first] = hit;
    if (first === undefined || words === undefined) continue;
    const since = first.health.since === undefined ? '' : ` ${sinceWords(first.health.since, view.at)}`;
    const isRecovering = hit.every(({ health }) => health.isRecovering === true);
    const evidence = `${withoutOwner(first.endpoint.id)}: ${first.health.reason}.`;
    return {
      level: 'warning',
      text: `${isRecovering ? `${namesOf(hit)} answering again after failures` : words.text(namesOf(hit))}${since}`,
      evidence: `${evidence} ${othersWords(endpoints, hit)}`.trim(),
      next: words.next,
    };
  }
  return undefined;
}

function othersWords(all: readonly JudgedEndpoint[], hit: readonly JudgedEndpoint[]): string {
  const good = all.filter((one) => !hit.includes(one) && one.health.kind === 'well').length;
  return good === 0 ? '' : `${plural(good, 'other model')} ${good === 1 ? 'answers' : 'answer'} well.`;
}

function noDataHeadline(judged: Judged): Headline | undefined {
  const { view, endpoints, gateways } = judged;
  if (view.probes.length === 0) {
    return {
      level: 'unknown',
      text: 'Nothing is probed: the configuration lists no probes',
      evidence: 'Without a probe there is nothing to show.',
      next: 'Add one to fal-exporter.yml: probes: [{ name: queue-gateway, tier: free, interval: 1m }]',
    };
  }
  const told = endpoints.filter(({ health }) => health.kind !== 'no_data');
  const toldGateways = gateways.filter(({ health }) => health.kind !== 'no_data');
  if (told.length > 0 || (endpoints.length === 0 && toldGateways.length > 0)) return undefined;
  const reason = endpoints[0]?.health.reason.replace(/^no (data|run) yet: /, '') ?? 'no run came to an end';
  return {
    level: 'unknown',
    text: `No data yet: ${firstProbeWords(judged)}`,
    evidence:
      toldGateways.length > 0
        ? gatewayWords(judged)
        : `${withoutOwner(endpoints[0]?.endpoint.id ?? 'fal')}: ${reason}.`,
    next: 'Wait for the first run; this page refreshes itself.',
  };
}

/** The models answer (or none is probed), but a free probe is not content. */
function wayHeadline({ view, gateways }: Judged): Headline | undefined {
  const sick = gateways.find(({ health }) => health.kind !== 'well' && health.kind !== 'no_data');
  if (sick === undefined) return undefined;
  const { probe, health } = sick;
  const since = health.since === undefined ? '' : ` ${sinceWords(health.since, view.at)}`;
  return {
    level: 'warning',
    text: `The way to fal: probe ${probe.name} is not content${since}`,
    evidence: `${probe.name}: ${health.reason}.`,
    next: 'See the hosts and the last runs below; fal-exporter check looks at each host on its own.',
  };
}

function firstProbeWords({ view }: Judged): string {
  const waiting = view.probes.filter((probe) => probe.runs.length === 0 && probe.endpointId !== undefined);
  const probes = waiting.length > 0 ? waiting : view.probes;
  if (probes.some((probe) => probe.runningSince !== undefined)) return 'the first probe is under way';
  const next = Math.min(...probes.map((probe) => probe.nextRun?.at ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(next) ? `first probe in ${roughly(next - view.at)}` : 'no probe has run';
}

function goodHeadline(judged: Judged): Headline {
  const { endpoints } = judged;
  const well = endpoints.filter(({ health }) => health.kind === 'well');
  const silent = endpoints.filter(({ health }) => health.kind === 'no_data');
  if (endpoints.length === 0) {
    return {
      level: 'good',
      text: 'fal’s hosts answer; no model is probed',
      evidence: gatewayWords(judged),
      next: 'Add a probe of tier inference to see latency and errors of a model.',
    };
  }
  if (silent.length > 0) {
    return {
      level: 'good',
      text: `${well.length} of ${plural(endpoints.length, 'model')} answering; no data on ${namesOf(silent)}`,
      evidence: `${withoutOwner(silent[0]?.endpoint.id ?? '')}: ${silent[0]?.health.reason ?? ''}.`,
    };
  }
  return {
    level: 'good',
    text: `All good: ${plural(well.length, 'model')} answering`,
    evidence: `The last runs of every model were good. ${gatewayWords(judged)}`.trim(),
  };
}

function gatewayWords({ view }: Judged): string {
  if (view.hosts.length === 0) return '';
  const up = view.hosts.filter((host) => host.up).length;
  return `${up} of ${plural(view.hosts.length, 'host')} of fal ${up === 1 ? 'answers' : 'answer'} from here.`;
}
