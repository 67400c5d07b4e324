import type { Config } from './config.ts';

/** Where fal tells about itself. */
export const OFFICIAL_STATUS_PAGE = 'https://status.fal.ai';

/** The page to read: a simulator serves the official address, whatever else is configured. */
export function statusPageUrl({
  statusPage,
  simulatorUrl,
}: Pick<Config, 'statusPage' | 'simulatorUrl'>): string {
  return simulatorUrl === undefined ? statusPage.url : OFFICIAL_STATUS_PAGE;
}
