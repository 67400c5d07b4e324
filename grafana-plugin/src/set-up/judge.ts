import { t } from '../language/translate.ts';
import type { Check } from './check.ts';
import { accountCheck } from './checks/account.ts';
import { appsCheck } from './checks/apps.ts';
import { dataSourceCheck } from './checks/data-source.ts';
import { deliveryCheck } from './checks/delivery.ts';
import { demoCheck, exporterCheck } from './checks/exporter.ts';
import { intervalCheck } from './checks/interval.ts';
import { probesCheck } from './checks/probes.ts';
import { rulesCheck } from './checks/rules.ts';
import type { Facts } from './facts.ts';

/** All checks, in the order in which things have to be mended: what comes later rests on what comes first. */
export function judge(facts: Facts): Check[] {
  const checks = allChecks(facts);
  if (facts.alive.kind === 'answered') return checks;
  // One reason is enough: it stands beside the data source.
  const words = t('set-up.not-asked', 'Not asked: the data source does not answer.');
  return checks.map((check) =>
    check.state === 'unknown' && check.id !== 'data-source' ? { ...check, words } : check,
  );
}

function allChecks(facts: Facts): Check[] {
  return [
    ...demoCheck(facts),
    dataSourceCheck(facts),
    exporterCheck(facts),
    probesCheck(facts),
    accountCheck(facts),
    appsCheck(facts),
    rulesCheck(facts),
    deliveryCheck(facts),
    intervalCheck(facts),
  ];
}
