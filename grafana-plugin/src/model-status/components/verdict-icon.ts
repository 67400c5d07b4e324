import type { IconName } from '@grafana/data';

/** A shape for each verdict, so that nobody needs its colour. */
export function verdictIcon(verdict: string | undefined): IconName {
  switch (verdict) {
    case undefined:
      return 'minus-circle';
    case 'ok':
      return 'check-circle';
    case 'app':
      return 'brackets-curly';
    case 'account':
      return 'lock';
    case 'model':
      return 'exclamation-triangle';
    case 'platform':
      return 'cloud-exclamation';
    default:
      return 'question-circle';
  }
}
