import type { FieldDisplay } from '@grafana/data';
import { DataLinksContextMenu } from '@grafana/ui';
import type { ReactElement } from 'react';

interface WithLinksProps {
  readonly value: FieldDisplay;
  readonly children: (hasLinks: boolean) => ReactElement;
}

/** A value that leads where its data links say. */
export function WithLinks({ value, children }: WithLinksProps): ReactElement {
  const { hasLinks = false, getLinks } = value;
  if (!hasLinks || getLinks === undefined) return children(false);
  return <DataLinksContextMenu links={getLinks}>{() => children(true)}</DataLinksContextMenu>;
}
