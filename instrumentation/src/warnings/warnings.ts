import type { DiagLogger } from '@opentelemetry/api';
import { processWide } from '../process-wide.ts';
import { PACKAGE_NAME } from '../version.ts';
import {
  type Environment,
  type WarningKind,
  environmentOf,
  warningsForConfig,
  warningsForPackage,
} from './client-facts.ts';

/** What each warning says: what we saw, what it means, what to do. Never a value of the app: it might be a key. */
const TEXTS: Readonly<Record<WarningKind, string>> = {
  deprecated_package:
    'the app loads @fal-ai/serverless-client, which fal has deprecated and no longer mends. ' +
    'Replace it: npm uninstall @fal-ai/serverless-client && npm install @fal-ai/client, then ' +
    'import { fal } from "@fal-ai/client"; results are in result.data.',
  proxy_ignored:
    'proxyUrl is set, but the client uses it in browsers only unless told otherwise: in this process every request ' +
    'goes to fal directly, with the key of this process. To send them through the proxy, give an absolute URL and ' +
    'say when (the client has had this since 1.10 at the latest): proxyUrl: { url: "https://…", when: "always" }. ' +
    'If going direct is right here, say so: proxyUrl: { url, when: "browser" }.',
  key_visible:
    'a fal key is given as credentials in a browser, where every visitor can read it and spend with it. ' +
    'Revoke it at https://fal.ai/dashboard/keys, keep the new one on a server, and set proxyUrl to a route of ' +
    'yours: https://fal.ai/docs/documentation/model-apis/inference/proxy-setup',
};

/** Tells by `log.warn` what a user of the client should know; each kind once per process. Nothing of it throws. */
export interface Warnings {
  /** A package that may be instrumented was loaded. */
  loaded(packageName: string): void;
  /** A client was configured with this argument. */
  configured(config: unknown, environment?: Environment): void;
}

/** @param told the kinds that were told already; shared by the whole process unless given. */
export function createWarnings(
  log: Pick<DiagLogger, 'warn'>,
  told: Set<WarningKind> = processWide('told-warnings-1', () => new Set<WarningKind>()),
): Warnings {
  const tell = (kindsOf: () => readonly WarningKind[]): void => {
    try {
      for (const kind of kindsOf()) {
        if (told.has(kind)) continue;
        told.add(kind);
        log.warn(`${PACKAGE_NAME}: ${TEXTS[kind]}`);
      }
    } catch {
      // A getter of the app's config, or its logger, threw: that is the app's to meet, not ours.
    }
  };
  return {
    loaded: (packageName) => tell(() => warningsForPackage(packageName)),
    configured: (config, environment) =>
      tell(() => warningsForConfig(config, environment ?? environmentOf())),
  };
}
