import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the build writes in place of %VERSION% and %TODAY%. */
export interface Release {
  readonly version: string;
  /** Day of the release, YYYY-MM-DD. From the changelog and not from the clock, so that one source gives one result. */
  readonly date: string;
}

/** Version from package.json, its day from the newest heading `## <version> (<date>)` of CHANGELOG.md; throws where they disagree. */
export function readRelease(root: string): Release {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const heading = /^## (?<version>\S+) \((?<date>\d{4}-\d{2}-\d{2})\)$/m.exec(
    readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
  )?.groups;
  if (heading?.version !== version || heading.date === undefined) {
    throw new Error(
      `CHANGELOG.md: the newest heading must read "## ${version} (YYYY-MM-DD)", the version of package.json; ` +
        `found ${heading?.version ?? 'no such heading'}`,
    );
  }
  return { version, date: heading.date };
}

/** The text of a plugin.json with its placeholders filled. */
export function fillPlaceholders(text: string, release: Release, pluginId: string): string {
  return text
    .replaceAll('%VERSION%', release.version)
    .replaceAll('%TODAY%', release.date)
    .replaceAll('%PLUGIN_ID%', pluginId);
}
