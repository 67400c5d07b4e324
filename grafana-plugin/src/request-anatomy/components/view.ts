import type { FieldConfig, GrafanaTheme2, TimeZone } from '@grafana/data';
import type { Writing } from '../words/seconds-text.ts';
import type { Layout } from './layout.ts';

/** How everything in the panel is shown. */
export interface View {
  readonly layout: Layout;
  /** The grid of a row. */
  readonly columns: string;
  readonly writing: Writing;
  readonly config: FieldConfig;
  readonly timeZone: TimeZone;
  readonly theme: GrafanaTheme2;
}
