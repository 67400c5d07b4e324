import type { EndpointVerdict, OverallVerdict } from '../verdict/verdict.ts';
import type { Health } from './health.ts';
import type { EndpointView, ProbeView, StatusView } from './view.ts';

/** How loud the page is: good, worth a look, broken, or nothing to say yet. */
export type HeadlineLevel = 'good' | 'warning' | 'broken' | 'unknown';

/** The one sentence on top: whose fault, which model, since when; and what to do. */
export interface Headline {
  readonly level: HeadlineLevel;
  readonly text: string;
  /** What the sentence rests on. */
  readonly evidence: string;
  /** What to do next; absent when there is nothing to do. */
  readonly next?: string | undefined;
}

export interface JudgedEndpoint {
  readonly endpoint: EndpointView;
  readonly health: Health;
  readonly verdict: EndpointVerdict;
}

export interface JudgedProbe {
  readonly probe: ProbeView;
  readonly health: Health;
}

/** A view with every judgement made: what page and health answers are written from. */
export interface Assessment {
  readonly view: StatusView;
  /** Whose problem it is: the headline is written from it. */
  readonly verdict: OverallVerdict;
  readonly endpoints: readonly JudgedEndpoint[];
  /** The free probes: the way to fal. */
  readonly gateways: readonly JudgedProbe[];
  readonly headline: Headline;
  /** Smaller things that must not outshout the headline. */
  readonly notes: readonly string[];
}

export type Judged = Pick<Assessment, 'view' | 'verdict' | 'endpoints' | 'gateways'>;
