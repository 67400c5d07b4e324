import { setPanelDataErrorView } from 'file:@grafana/runtime/dist/esm/components/PanelDataErrorView.mjs';
import type { PanelDataErrorViewProps } from '@grafana/runtime';
import type { ReactElement } from 'react';

/** Grafana's words for a panel that cannot show its data; the view itself is part of Grafana's core. */
export function addErrorView(): void {
  setPanelDataErrorView(NoDataView);
}

function NoDataView({ message, data, fieldConfig, ...needs }: PanelDataErrorViewProps): ReactElement {
  return <div style={CENTRED}>{message ?? words(data, { fieldConfig, ...needs })}</div>;
}

const CENTRED = {
  display: 'flex',
  alignItems: 'center',
  justifyContent: 'center',
  height: '100%',
  width: '100%',
} as const;

type Needs = Pick<
  PanelDataErrorViewProps,
  'fieldConfig' | 'needsTimeField' | 'needsNumberField' | 'needsStringField'
>;

function words({ series }: PanelDataErrorViewProps['data'], needs: Needs): string {
  if (series.every((frame) => frame.length === 0)) return needs.fieldConfig?.defaults.noValue ?? 'No data';
  if (needs.needsStringField === true) return 'Data is missing a string field';
  if (needs.needsNumberField === true) return 'Data is missing a number field';
  if (needs.needsTimeField === true) return 'Data is missing a time field';
  return 'Cannot visualize data';
}
