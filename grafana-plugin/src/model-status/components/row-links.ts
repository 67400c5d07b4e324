import { type LinkModel, type PanelProps, locationUtil } from '@grafana/data';
import type { ModelStatusOptions } from '../options.ts';
import { pathOf } from '../rows/link.ts';
import type { Row } from '../rows/row.ts';

/** Where a row leads. */
export type RowLink = Pick<LinkModel, 'href' | 'title' | 'target' | 'onClick'>;

type Context = Pick<PanelProps, 'data' | 'replaceVariables'> & { readonly options: ModelStatusOptions };

/** The data links of the field config; without any, the dashboard of the options. */
export function linksOf(row: Row, { data, options, replaceVariables }: Context): RowLink[] {
  const index = Math.max(0, (row.linked?.values.length ?? 0) - 1);
  const configured = row.linked?.getLinks?.({ valueRowIndex: index }) ?? [];
  if (configured.length > 0) return configured;
  const { from, to } = data.timeRange.raw;
  const path = pathOf({
    dashboard: options.dashboard,
    endpointId: row.endpointId,
    account: row.account,
    datasource: datasourceOf(data, replaceVariables),
    from: typeof from === 'string' ? from : String(from.valueOf()),
    to: typeof to === 'string' ? to : String(to.valueOf()),
  });
  if (path === undefined) return [];
  return [
    {
      href: locationUtil.assureBaseUrl(path),
      title: row.endpointId,
      target: options.inNewTab ? '_blank' : undefined,
    },
  ];
}

/** uid of the data source; undefined where nobody says which it is. */
function datasourceOf(
  { request }: PanelProps['data'],
  replaceVariables: PanelProps['replaceVariables'],
): string | undefined {
  const target: unknown = request?.targets.find(({ datasource }) => datasource?.uid !== undefined)?.datasource
    ?.uid;
  const uid = replaceVariables(typeof target === 'string' ? target : '${datasource}');
  return uid === '' || uid.includes('$') ? undefined : uid;
}
