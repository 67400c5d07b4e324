import type { ErrorType } from '../errors/error-type.ts';
import type { GenAiConvention } from '../types.ts';
import { BoundedNames } from './bounded-names.ts';
import { type HistogramDefinition, histogram } from './definition.ts';
import { Timing } from './instruments.ts';

/**
 * Names of the GenAI semantic conventions, which are in development and change: hence a second instrument beside
 * ours and never instead of it. `v1` is what packages up to 2026 write; the genai repository renamed it.
 *
 * Source: https://github.com/open-telemetry/semantic-conventions-genai
 */
const NAMES: Readonly<Record<Exclude<GenAiConvention, 'off'>, string>> = {
  v1: 'gen_ai.client.operation.duration',
  latest: 'gen_ai.client.inference.duration',
};

/** The bounds that the conventions advise, in seconds; from 82 s on it cannot tell long requests apart. */
const BOUNDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/** Image, audio and video generation is `generate_content` there; no provider name is reserved for fal. */
const OPERATION = 'generate_content';
const PROVIDER = 'fal_ai';

/** fal has a handful of hosts; an app may have a proxy or two. */
const MAX_HOSTS = 20;

const LABELS = [
  'gen_ai.request.model',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'error.type',
  'server.address',
] as const;

export interface GenAiRequest {
  readonly endpoint: string;
  readonly seconds: number | undefined;
  /** Only of a failure. */
  readonly errorType: ErrorType | undefined;
  readonly host: string | undefined;
}

/** The duration of a request under the name of the GenAI conventions. */
export class GenAiDuration {
  readonly family: Timing<(typeof LABELS)[number]>;
  readonly #hosts = new BoundedNames(MAX_HOSTS, () => undefined);

  constructor(convention: Exclude<GenAiConvention, 'off'>, onFull: () => void) {
    this.family = new Timing(definitionOf(NAMES[convention]), onFull);
  }

  record({ endpoint, seconds, errorType, host }: GenAiRequest): void {
    this.family.record(seconds, {
      'gen_ai.request.model': endpoint,
      'gen_ai.operation.name': OPERATION,
      'gen_ai.provider.name': PROVIDER,
      'error.type': errorType,
      'server.address': host === undefined ? undefined : this.#hosts.admit(host),
    });
  }
}

function definitionOf(instrument: string): HistogramDefinition<(typeof LABELS)[number]> {
  return histogram({
    name: `${instrument.replaceAll('.', '_')}_seconds`,
    instrument,
    unit: 's',
    labels: LABELS,
    fedBy: 'app',
    bounds: BOUNDS,
    help: 'GenAI operation duration, as the conventions name it; our own name for it is fal.client.request.duration.seconds.',
  });
}
