/**
 * The six answers to "whose problem is it", as people read them: the same word, colour and order on every dashboard
 * and in every panel of the plugin. The names are those of the label `verdict` of `fal_verdict`; a test compares
 * them with the exporter's catalogue.
 */
export interface VerdictLook {
  /** Value of the label `verdict`. */
  readonly verdict: Verdict;
  /** A few words that fit into a cell: whose it is. */
  readonly short: string;
  /** What it means and what to do, one sentence. */
  readonly advice: string;
  /** A colour of Grafana's palette by name, so that each theme shows its own shade. */
  readonly color: string;
  /** Number that stands for it in a state timeline; a larger one is worse, and wins where two meet. */
  readonly rank: number;
}

export type Verdict = 'ok' | 'app' | 'account' | 'model' | 'platform' | 'unknown';

export const VERDICTS: readonly VerdictLook[] = [
  {
    verdict: 'ok',
    short: 'OK',
    advice: 'Nothing to do.',
    color: 'green',
    rank: 0,
  },
  {
    verdict: 'unknown',
    short: 'Unclear',
    advice:
      'What is seen does not tell the causes apart, or is old: look at the evidence on the exporter’s status page.',
    color: 'yellow',
    rank: 1,
  },
  {
    verdict: 'app',
    short: 'Your app',
    advice:
      'Your code sends what the model refuses, or your network does not reach fal: look at errors by type.',
    color: 'blue',
    rank: 2,
  },
  {
    verdict: 'account',
    short: 'Your account',
    advice: 'fal refuses the account: look at lock, key, balance and limits.',
    color: 'purple',
    rank: 3,
  },
  {
    verdict: 'model',
    short: 'fal: this model',
    advice: 'This model is failing or slow while others work: fail over to another model.',
    color: 'orange',
    rank: 4,
  },
  {
    verdict: 'platform',
    short: 'fal: platform',
    advice: 'fal itself is failing: nothing to mend on your side; pause jobs or use your fallback provider.',
    color: 'red',
    rank: 5,
  },
];

/** How a verdict looks; undefined for a word that no version of the exporter known here says. */
export function lookOf(verdict: string): VerdictLook | undefined {
  return VERDICTS.find((look) => look.verdict === verdict);
}
