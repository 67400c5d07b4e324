import { z } from 'zod';

/*
 * The web configuration file of the Prometheus exporter toolkit, as far as this server can keep its promises.
 * Source: https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
 * What it knows and we cannot do is refused by name: silently ignored security settings are worse than none.
 */

const CLIENT_AUTH_TYPES = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'RequireClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;

const TLS_VERSIONS = ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const;

/** A bcrypt hash of more than this would keep the exporter busy for seconds at each new password. */
const HIGHEST_COST = 14;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

function unsupported(why: string): z.ZodType<undefined> {
  return z.undefined({ error: `is not supported here: ${why}; take the key out` });
}

const tls = z
  .strictObject({
    cert_file: z.string({ error: 'expected the path of a PEM certificate' }).min(1),
    key_file: z.string({ error: 'expected the path of a PEM private key' }).min(1),
    client_auth_type: z.enum(CLIENT_AUTH_TYPES).default('NoClientCert'),
    client_ca_file: z.string().min(1).optional(),
    client_allowed_sans: z.array(z.string().min(1)).min(1).optional(),
    min_version: z.enum(TLS_VERSIONS).default('TLS12'),
    max_version: z.enum(TLS_VERSIONS).default('TLS13'),
    prefer_server_cipher_suites: z.boolean().optional(),
    cert: unsupported('keep the certificate in a file, cert_file').optional(),
    key: unsupported('keep the key in a file, key_file').optional(),
    client_ca: unsupported('keep the CA in a file, client_ca_file').optional(),
    cipher_suites: unsupported('the cipher suites are those of Node.js').optional(),
    curve_preferences: unsupported('the curves are those of Node.js').optional(),
  })
  .superRefine((value, context) => {
    const verifies = ['VerifyClientCertIfGiven', 'RequireAndVerifyClientCert'].includes(
      value.client_auth_type,
    );
    const requires = value.client_auth_type.startsWith('Require');
    const complain = (key: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (verifies && value.client_ca_file === undefined) {
      complain('client_ca_file', `is needed by client_auth_type ${value.client_auth_type}`);
    }
    if (value.client_ca_file !== undefined && value.client_auth_type === 'NoClientCert') {
      complain(
        'client_auth_type',
        'a client_ca_file without it would check nobody: use RequireAndVerifyClientCert',
      );
    }
    if (value.client_allowed_sans !== undefined && !requires) {
      complain(
        'client_allowed_sans',
        'needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert',
      );
    }
    if (TLS_VERSIONS.indexOf(value.min_version) > TLS_VERSIONS.indexOf(value.max_version)) {
      complain('min_version', `is above max_version ${value.max_version}`);
    }
  });

const headerValue = z.string().regex(/^[\t\x20-\x7E]*$/, 'expected printable ASCII');

const headers = z.strictObject({
  'Content-Security-Policy': headerValue.optional(),
  'X-Frame-Options': z.enum(['deny', 'sameorigin']).optional(),
  'X-Content-Type-Options': z.enum(['nosniff']).optional(),
  'X-XSS-Protection': headerValue.optional(),
  'Strict-Transport-Security': headerValue.optional(),
});

const http = z.strictObject({
  http2: z
    .literal(false, { error: 'HTTP/2 is not supported here: take the key out or set it to false' })
    .optional(),
  headers: headers.optional(),
});

const bcryptHash = z.string().superRefine((hash, context) => {
  const cost = BCRYPT.exec(hash)?.[1];
  // The value stays out of every message: it is a secret.
  if (cost === undefined) {
    context.addIssue({ code: 'custom', message: 'expected a bcrypt hash such as htpasswd -nBC 10 makes' });
  } else if (Number(cost) < 4 || Number(cost) > HIGHEST_COST) {
    context.addIssue({
      code: 'custom',
      message: `expected a bcrypt cost from 4 to ${HIGHEST_COST}, got ${cost}`,
    });
  }
});

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A duration as Go writes it, in milliseconds: `250ms`, `1s`, `1m30s`; a bare number only when it is 0. */
const duration = z.union([z.string(), z.literal(0)]).transform((value, context) => {
  const text = String(value);
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    context.addIssue({
      code: 'custom',
      message: `expected a duration such as 1s or 250ms, got ${text.slice(0, 40)}`,
    });
    return z.NEVER;
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
});

const rateLimit = z
  .strictObject({ interval: duration.default(0), burst: z.int().min(0).default(0) })
  .refine(({ interval, burst }) => interval === 0 || burst >= 1, {
    path: ['burst'],
    message: 'expected at least 1: with 0 no request would ever pass',
  });

const userName = z
  .string()
  .min(1, 'expected a user name')
  .refine(
    (name) => !name.includes(':'),
    'a user name cannot hold a colon: basic authentication splits there',
  );

export const webConfigSchema = z.strictObject({
  tls_server_config: tls.nullish(),
  http_server_config: http.nullish(),
  basic_auth_users: z.record(userName, bcryptHash).nullish(),
  rate_limit: rateLimit.nullish(),
});

export type TlsServerConfig = z.infer<typeof tls>;
export type HeaderConfig = z.infer<typeof headers>;
