import type { JudgedEndpoint, Judged } from './judged.ts';
import { sinceWords, withoutOwner } from './words.ts';

const MOST_NAMES = 3;

/** The models that the verdict on everything is about. */
export function accusedOf({ verdict, endpoints }: Judged): readonly JudgedEndpoint[] {
  return endpoints.filter(({ endpoint }) => verdict.endpointIds?.includes(endpoint.id) === true);
}

export function namesOf(hit: readonly JudgedEndpoint[]): string {
  const names = hit.slice(0, MOST_NAMES).map(({ endpoint }) => withoutOwner(endpoint.id));
  const rest = hit.length - MOST_NAMES;
  return rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ');
}

/** `since 14:03 UTC (12 min)` of the verdict. */
export function sinceOf({ verdict, view }: Judged): string {
  return verdict.since === undefined ? 'right now' : sinceWords(verdict.since, view.at);
}

/** The evidence as one paragraph. */
export function evidenceOf({ verdict }: Judged): string {
  return verdict.evidence.join(' ');
}
