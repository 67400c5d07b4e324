import { ADMIN_COLLECTORS, type CollectorName } from '../domain/collector-name.ts';
import type { StatusView } from './view.ts';

type Sources = Pick<StatusView, 'collectors' | 'hasAdminKey' | 'switchedOff'>;

/** Why nothing is known of what a collector reads, in words without a full stop. */
export function whyUnknown({ collectors, hasAdminKey, switchedOff }: Sources, name: CollectorName): string {
  if (switchedOff.includes(name)) return `collector ${name} is switched off in the configuration`;
  const mayNeedKey = ADMIN_COLLECTORS.has(name) && hasAdminKey !== true;
  if (mayNeedKey && hasAdminKey === false) return 'needs an ADMIN key';
  const last = collectors.find((collector) => collector.name === name);
  if (last === undefined) return mayNeedKey ? 'not read yet; needs an ADMIN key' : 'not read yet';
  return last.ok ? 'not enough read yet' : `collector ${name} fails`;
}

/** Collectors that are off for want of a key. Empty when nobody told which keys are set. */
export function offForWantOfKey({
  hasAdminKey,
  switchedOff,
}: Pick<Sources, 'hasAdminKey' | 'switchedOff'>): CollectorName[] {
  if (hasAdminKey !== false) return [];
  return [...ADMIN_COLLECTORS].filter((name) => !switchedOff.includes(name));
}
