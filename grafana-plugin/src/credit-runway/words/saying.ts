/** A few words that stand alone, and what there is to say besides. */
export interface Saying {
  readonly headline: string;
  readonly detail: string;
}
