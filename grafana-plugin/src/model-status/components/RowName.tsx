import { DataLinksContextMenu, useStyles2 } from '@grafana/ui';
import type { LinkModel } from '@grafana/data';
import { type ReactElement, useMemo } from 'react';
import { modelName } from '../../verdict/model-name.ts';
import type { Row } from '../rows/row.ts';
import type { RowLink } from './row-links.ts';
import { nameStyles, rowStyles } from './row-styles.ts';

interface Props {
  readonly row: Row;
  readonly links: readonly RowLink[];
  readonly hasAccount: boolean;
}

/** The model without its owner, as the link of the row. Its full id is one hover away. */
export function RowName({ row, links, hasAccount }: Props): ReactElement {
  const styles = useStyles2(nameStyles);
  const { secondary } = useStyles2(rowStyles);
  return (
    <div className={styles.name} role="rowheader" title={row.endpointId}>
      <NameLink row={row} links={links} />
      {hasAccount && row.account !== undefined && (
        <span className={secondary} title={row.account}>
          {row.account}
        </span>
      )}
    </div>
  );
}

function NameLink({ row, links }: Omit<Props, 'hasAccount'>): ReactElement {
  const styles = useStyles2(nameStyles);
  const name = modelName(row.endpointId);
  const [link, ...others] = links;
  const menu = useMemo(
    () => (): LinkModel[] => links.map((each) => ({ ...each, origin: row })),
    [links, row],
  );
  if (link === undefined) return <span className={styles.text}>{name}</span>;
  if (others.length > 0) {
    return (
      <DataLinksContextMenu links={menu}>
        {({ openMenu }) => (
          <button type="button" className={styles.button} tabIndex={-1} data-link="" onClick={openMenu}>
            {name}
          </button>
        )}
      </DataLinksContextMenu>
    );
  }
  return (
    <a
      className={styles.link}
      href={link.href}
      // Grafana opens a link without a target itself, and one with any target by loading everything anew.
      target={link.target === '_blank' ? '_blank' : undefined}
      rel={link.target === '_blank' ? 'noreferrer' : undefined}
      onClick={link.onClick}
      aria-label={row.endpointId}
      tabIndex={-1}
      data-link=""
    >
      {name}
    </a>
  );
}
