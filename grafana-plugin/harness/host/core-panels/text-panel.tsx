import { PanelPlugin, renderTextPanelMarkdown } from '@grafana/data';
import type { PanelProps } from '@grafana/data';
import type { ReactElement } from 'react';

interface Options {
  readonly mode: 'markdown' | 'html' | 'code';
  readonly content: string;
}

/** Grafana's text panel. */
export function textPanel(): PanelPlugin {
  return new PanelPlugin<Options>(TextPanel).setDefaults({ mode: 'markdown', content: '' }).setNoPadding();
}

function TextPanel({ options, replaceVariables }: PanelProps<Options>): ReactElement {
  const text = replaceVariables(options.content);
  if (options.mode === 'code') return <pre>{text}</pre>;
  const html = options.mode === 'markdown' ? renderTextPanelMarkdown(text) : text;
  return <div className="markdown-html" style={{ padding: 8 }} dangerouslySetInnerHTML={{ __html: html }} />;
}
