import type { Field } from '@grafana/data';
import type { Incident, State } from '../timeline/incidents.ts';
import type { Segment } from '../timeline/segments.ts';
import type { Uptime } from '../timeline/uptime.ts';
import type { ModelId, Reading } from './readings.ts';

/** What the panel says of one model of one account. */
export interface Row extends ModelId {
  /** The same for the same model and account at every refresh. */
  readonly key: string;
  readonly segments: readonly Segment[];
  readonly state: State;
  readonly uptime: Uptime;
  /** The newest in the range. */
  readonly incident: Incident | undefined;
  /** How many there are in the range, and when the first began, Unix milliseconds. */
  readonly incidents: { readonly count: number; readonly from: number | undefined };
  /** Requests fail beyond a threshold although no verdict says so: probes send other inputs, or run too seldom. */
  readonly isFailingUnseen: boolean;
  /** Of such a model the verdict that it had a moment ago: half of the probes of a sick model succeed. */
  readonly onAndOff: string | undefined;
  readonly latency: Latency | undefined;
  readonly errors: ErrorRatio | undefined;
  /** The field that carries the links of the row. */
  readonly linked: Field | undefined;
}

export interface Latency {
  readonly p95: Reading;
  /** Undefined where its unit is no duration: then it is compared with nothing. */
  readonly seconds: number | undefined;
  readonly limitSeconds: number;
  /** No limit is configured for this model, so it is held against the one of the alert rules. */
  readonly isDefaultLimit: boolean;
  readonly isOver: boolean;
}

export interface ErrorRatio {
  readonly reading: Reading;
  /** 0 to 1. */
  readonly ratio: number;
  /** Of the thresholds, how many it has reached: 0 is fine. */
  readonly level: number;
  /** Name or value of the colour that the threshold asks for. */
  readonly color: string;
}
