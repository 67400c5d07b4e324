import { type Answer, answerAs, type Ask } from './ask.ts';
import { asRecord } from './failure.ts';

/** One series of an instant query. NaN and infinities are unknown, hence not here. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks for the value of an expression now. Series without a finite value are left out. */
export async function instant(ask: Ask, expression: string): Promise<Answer<Sample[]>> {
  return answerAs(await ask('api/v1/query', { query: expression }), readVector);
}

/** The series of an answer of api/v1/query; undefined for anything that is not such an answer with a vector. */
export function readVector(body: unknown): Sample[] | undefined {
  const { status, data } = asRecord(body);
  const { resultType, result } = asRecord(data);
  if (status !== 'success' || resultType !== 'vector' || !Array.isArray(result)) return undefined;
  return result.flatMap((series: unknown): Sample[] => {
    const { metric, value } = asRecord(series);
    const number = readValue(value);
    return number === undefined ? [] : [{ labels: readLabels(metric), value: number }];
  });
}

function readValue(pair: unknown): number | undefined {
  const text: unknown = Array.isArray(pair) ? pair[1] : undefined;
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function readLabels(metric: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asRecord(metric)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

/** The distinct values of a label, in order; series without it are left out. */
export function labelValues(samples: readonly Sample[], label: string): string[] {
  return [...new Set(samples.flatMap(({ labels }) => labels[label] ?? []))].sort();
}

/** The largest value of the samples; undefined for none. */
export function largest(samples: readonly Sample[]): number | undefined {
  return samples.reduce<number | undefined>(
    (most, { value }) => (most === undefined || value > most ? value : most),
    undefined,
  );
}
