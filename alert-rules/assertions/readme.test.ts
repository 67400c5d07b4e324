import { expect, test } from 'vitest';
import { compareOrWrite } from '../../test/measured-table.ts';
import type { Scope } from '../src/alert.ts';
import { ALERTS } from '../src/catalogue.ts';
import { meaningOf } from '../src/meaning.ts';
import { promDuration } from '../src/prom-duration.ts';

const SCOPES: Readonly<Record<Scope, true>> = { endpoint: true, platform: true, account: true, meta: true };

test('the README lists every alert with its default thresholds', async () => {
  const scopes = Object.keys(SCOPES);
  expect(new Set(ALERTS.map(({ scope }) => scope))).toEqual(new Set(scopes));
  const rows = scopes.flatMap((scope) =>
    ALERTS.filter((definition) => definition.scope === scope).map((definition) => {
      const { name, severity, forSeconds, enabled } = definition;
      const cells = [
        `[${name}](runbooks/${name}.md)`,
        scope,
        enabled ? severity : `${severity}, off`,
        promDuration(forSeconds),
        meaningOf(definition),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  const head = ['| alert | scope | severity | for | fires when |', '| --- | --- | --- | --- | --- |'];
  await compareOrWrite({
    file: 'alert-rules/README.md',
    marker: 'alerts',
    markdown: [...head, ...rows].join('\n'),
  });
});
