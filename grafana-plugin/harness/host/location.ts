import { locationService } from '@grafana/runtime';

export interface Place {
  readonly pathname: string;
  readonly search: string;
}

/** The history of the page as far as the host uses it; the package with its types is not installed. */
export interface PageHistory {
  readonly location: Place;
  listen(listener: (place: Place) => void): void;
}

export function pageHistory(): PageHistory {
  return locationService.getHistory() as PageHistory;
}

/** Follows the location from now on: gives what it was set to, path and search, oldest first. */
export function visitedPaths(): () => string[] {
  const visited: string[] = [];
  pageHistory().listen(({ pathname, search }) => {
    visited.push(`${pathname}${search}`);
  });
  return () => [...visited];
}
