import { createHash } from 'node:crypto';

/** What the app has shipped of one dashboard. */
export interface Revision {
  readonly revision: number;
  /** SHA-256 of the dashboard without its `revision`, in hex. */
  readonly sha256: string;
  /** Plugin version that brought this revision first. */
  readonly since: string;
}

/** By file name without its ending. */
export type Revisions = Readonly<Record<string, Revision>>;

/** Hash of what people see: the dashboard as JSON without its revision. */
export function contentHash(dashboard: string): string {
  const content = { ...(JSON.parse(dashboard) as Record<string, unknown>), revision: undefined };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/**
 * The dashboard as the app ships it, with its integer `revision`. Grafana takes the dashboard of a new plugin version
 * only where this number has changed, so it must rise with every change of content that people have not got yet.
 * A dashboard that the list does not know starts at 1.
 */
export function stampRevision(dashboard: string, name: string, revisions: Revisions): string {
  const content = JSON.parse(dashboard) as Record<string, unknown>;
  return `${JSON.stringify({ ...content, revision: revisions[name]?.revision ?? 1 }, null, 2)}\n`;
}

/**
 * The list brought up to date with the dashboards of this version: a changed dashboard gets the next number, once for
 * each plugin version; one that this unreleased version has changed already keeps its number and takes the new hash.
 */
export function nextRevisions(
  dashboards: Readonly<Record<string, string>>,
  before: Revisions,
  version: string,
): Revisions {
  return Object.fromEntries(
    Object.entries(dashboards)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, dashboard]) => [name, nextRevision(contentHash(dashboard), before[name], version)]),
  );
}

function nextRevision(sha256: string, before: Revision | undefined, version: string): Revision {
  if (before === undefined) return { revision: 1, sha256, since: version };
  if (before.sha256 === sha256) return before;
  return {
    revision: before.since === version ? before.revision : before.revision + 1,
    sha256,
    since: version,
  };
}
