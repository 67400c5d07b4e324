import { ReducerID } from '@grafana/data';
import type { ReduceDataOptions } from '@grafana/data';

/** How Grafana makes one value of a series unless a panel says otherwise. */
export const DEFAULT_REDUCTION: ReduceDataOptions = {
  values: false,
  calcs: [ReducerID.lastNotNull],
  fields: '',
};
