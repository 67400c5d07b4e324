import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import type { Placed } from './panel.ts';

export interface TextSpec {
  readonly title: string;
  /** Markdown. */
  readonly content: string;
  readonly width: number;
  readonly height: number;
}

/** Words for the reader. */
export function text({ title, content, width, height }: TextSpec): Placed {
  const builder = new PanelBuilder().title(title).mode(TextMode.Markdown).content(content).transparent(true);
  return { width, height, panel: builder.build() };
}
