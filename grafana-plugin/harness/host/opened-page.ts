import type { ReactElement } from 'react';
import type { HostPage } from './request.ts';

/** What a kind of page gives: what to show, and what a test may ask. */
export interface OpenedPage {
  readonly element: ReactElement;
  readonly page: HostPage;
}
