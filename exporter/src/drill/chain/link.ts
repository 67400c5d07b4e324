/** Where the way from a fault to a phone is broken, in its order. */
export type LinkName =
  | 'scrape'
  | 'rules'
  | 'rule_quiet'
  | 'rule_pending'
  | 'alertmanager_missing'
  | 'alertmanager_silent'
  | 'silenced'
  | 'inhibited'
  | 'route'
  | 'delivery'
  | 'end';

export interface BrokenLink {
  readonly link: LinkName;
  readonly text: string;
  /** What to look at. */
  readonly check: string;
}
