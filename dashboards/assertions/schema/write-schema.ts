/**
 * Writes the JSON Schemas of what the dashboards are made of, from the types of Grafana's SDK: closed objects, so that
 * a misspelt key is an error. Slow (5 to 10 s a type), so the result is committed:
 * `node dashboards/assertions/schema/write-schema.ts` after each new version of the SDK; a test compares the versions.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createGenerator, type Config } from 'ts-json-schema-generator';
import { SCHEMAS, type SchemaSource } from './schema-sources.ts';

const SDK = join(
  dirname(createRequire(import.meta.url).resolve('@grafana/grafana-foundation-sdk/dashboard')),
  '..',
);

function schemaOf({ module, type }: SchemaSource): unknown {
  const config: Config = {
    path: join(SDK, module, 'types.gen.d.ts'),
    type,
    skipTypeCheck: true,
    additionalProperties: false,
    topRef: true,
    jsDoc: 'none',
  };
  return createGenerator(config).createSchema(type);
}

const folder = join(import.meta.dirname, 'generated');
mkdirSync(folder, { recursive: true });
for (const source of SCHEMAS) {
  writeFileSync(join(folder, `${source.name}.json`), `${JSON.stringify(schemaOf(source), null, 1)}\n`);
}
const { version } = JSON.parse(readFileSync(join(SDK, '..', 'package.json'), 'utf8')) as { version: string };
writeFileSync(join(folder, 'sdk-version.txt'), `${version}\n`);
