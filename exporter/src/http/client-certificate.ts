import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import type { TlsSettings } from './web-config.ts';

/** What Node.js must be told at the start for a policy; the rest is checked at each connection. */
export function certificatePolicy({ clientAuth }: TlsSettings): {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
} {
  return {
    requestCert: clientAuth !== 'NoClientCert',
    rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
  };
}

/** True when this client may talk on, by the policy in force. */
export function isWelcome(socket: TLSSocket, { clientAuth, allowedSans }: TlsSettings): boolean {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return !clientAuth.startsWith('Require');
  const mustVerify = clientAuth === 'VerifyClientCertIfGiven' || clientAuth === 'RequireAndVerifyClientCert';
  if (mustVerify && !socket.authorized) return false;
  return allowedSans === undefined || allowedSans.some((san) => carries(certificate, san));
}

/** True when the certificate names exactly this DNS name, IP, e-mail address or URI. */
function carries(certificate: X509Certificate, san: string): boolean {
  if (isIP(san) !== 0) return certificate.checkIP(san) !== undefined;
  const isHost = certificate.checkHost(san, { subject: 'never', wildcards: false }) !== undefined;
  const isEmail = san.includes('@') && certificate.checkEmail(san, { subject: 'never' }) !== undefined;
  // Node quotes values that hold a comma, so a name cannot smuggle in a second entry.
  const entries = certificate.subjectAltName?.split(', ') ?? [];
  return isHost || isEmail || entries.includes(`URI:${san}`);
}
