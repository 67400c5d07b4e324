/** The closed list of the label `operation`: what the app called. */
export type Operation = 'run' | 'subscribe' | 'submit' | 'result' | 'stream' | 'realtime' | 'upload';

/** What the metrics of a request are split by, beside how it ended. One object per call; never changed. */
export interface RequestLabels {
  /** fal's owner/app/path as the app wrote it; `storage` for an upload that belongs to no request. */
  readonly endpointId: string;
  readonly operation: Operation;
  /** What the app says of the call (team, feature): only keys of its allow-list, bounded in their values. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** Where a request in flight stands: the closed list of the label `state` of the gauges. */
export type ActiveState = 'submitting' | 'queued' | 'running' | 'fetching';

/** A request that somebody in this process is waiting for, as it stands now. */
export interface ActiveRequest {
  readonly labels: RequestLabels;
  readonly state: ActiveState;
  readonly ageSeconds: number;
  /** Requests ahead of it, as fal last said; 0 is next. */
  readonly queuePosition?: number | undefined;
}
