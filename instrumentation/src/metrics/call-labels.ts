import type { Operation, RequestLabels } from '../request/operation.ts';
import { BoundedNames, OTHER } from './bounded-names.ts';
import { type AttributeSet, CallAttributes } from './call-attributes.ts';
import type { OnceWarnings } from './once-warnings.ts';

/** What a call is counted under. */
export interface CallLabels {
  readonly endpoint: string;
  readonly operation: Operation;
  readonly extra: AttributeSet;
}

/** Codes of network errors that one app meets in its life: a handful. */
const MAX_NETWORK_CLASSES = 40;

/** Turns what is said of calls into label values, and keeps their number bounded. */
export class CallLabelling {
  readonly #endpoints: BoundedNames;
  readonly #attributes = new CallAttributes();
  readonly #networkClasses = new BoundedNames(MAX_NETWORK_CLASSES, () => undefined);

  constructor(maxEndpoints: number, warnings: OnceWarnings) {
    this.#endpoints = new BoundedNames(maxEndpoints, () => {
      const remedy = 'Raise maxEndpoints, or look for ids that are made from user input.';
      const what = `more than ${maxEndpoints} endpoint ids: new ones are counted as endpoint_id="${OTHER}"`;
      warnings.warn('endpoints', `${what}. ${remedy}`);
    });
  }

  of(labels: RequestLabels): CallLabels {
    return {
      endpoint: this.endpoint(labels.endpointId),
      operation: labels.operation,
      extra: this.#attributes.setOf(labels.attributes),
    };
  }

  endpoint(endpointId: string): string {
    return this.#endpoints.admit(endpointId);
  }

  /** An HTTP status code, or a code such as ECONNRESET; `aborted` and `unknown` are our own words for the rest. */
  status(status: string): string {
    if (/^[1-5]\d\d$/.test(status)) return status;
    return /^([A-Z][A-Z0-9_]{1,60}|aborted|unknown)$/.test(status)
      ? this.#networkClasses.admit(status)
      : OTHER;
  }
}
