import type { Clock } from '../domain/clock.ts';
import type { BasicAuth } from './basic-auth.ts';
import { RateLimit } from './rate-limit.ts';
import { type Reply, oneLine, textReply } from './reply.ts';
import type { WebConfig, WebConfigFile } from './web-config.ts';

export interface GateOptions {
  readonly clock: Clock;
  readonly auth: BasicAuth;
  /** Absent: nothing is configured, the door is open. */
  readonly file?: WebConfigFile | undefined;
  readonly onProblem: (message: string) => void;
}

/** What the gate says: talk on with these headers, or this reply and no more. */
export type Admission =
  | { readonly admitted: true; readonly headers: WebConfig['headers'] }
  | { readonly admitted: false; readonly headers: WebConfig['headers']; readonly reply: Reply };

/** Stands before every route: web configuration in order, rate, login. */
export class Gate {
  readonly #options: GateOptions;
  #rateLimit: RateLimit | undefined;
  #atStart: WebConfig | undefined;
  #lastProblem: string | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Reads the configuration that the server starts with. Throws a WebConfigError when it is broken. */
  open(): WebConfig | undefined {
    this.#atStart = this.#options.file?.current();
    return this.#atStart;
  }

  /** The configuration in force, or undefined while it cannot be used. */
  current(): WebConfig | undefined {
    const { file, onProblem } = this.#options;
    if (file === undefined) return OPEN;
    try {
      const config = file.current();
      const needsRestart = config.tls?.clientAuth !== this.#atStart?.tls?.clientAuth;
      if (needsRestart) {
        throw new Error(
          'tls_server_config was added, removed or given another client_auth_type: restart fal-exporter',
        );
      }
      this.#lastProblem = undefined;
      return config;
    } catch (error) {
      const problem = error instanceof Error ? error.message : oneLine(error);
      // Once, not at each request.
      if (problem !== this.#lastProblem) onProblem(`every request is answered 500: ${problem}`);
      this.#lastProblem = problem;
      return undefined;
    }
  }

  async admit(authorization: string | undefined): Promise<Admission> {
    const config = this.current();
    if (config === undefined) {
      // The reason is for the operator's log, not for whoever asks.
      const reply = textReply(500, 'The web configuration cannot be used. The log of fal-exporter says why.');
      return { admitted: false, headers: {}, reply };
    }
    const { headers } = config;
    const reply = this.#tooFast(config) ?? (await this.#notLoggedIn(config, authorization));
    return reply === undefined ? { admitted: true, headers } : { admitted: false, headers, reply };
  }

  #tooFast({ rateLimit }: WebConfig): Reply | undefined {
    if (rateLimit === undefined) {
      this.#rateLimit = undefined;
      return undefined;
    }
    if (this.#rateLimit?.isFor(rateLimit) !== true)
      this.#rateLimit = new RateLimit(this.#options.clock, rateLimit);
    if (this.#rateLimit.allows()) return undefined;
    return textReply(429, 'Too many requests: the web configuration limits their rate.', {
      'retry-after': String(Math.max(1, Math.ceil(rateLimit.intervalMs / 1000))),
    });
  }

  async #notLoggedIn({ users }: WebConfig, authorization: string | undefined): Promise<Reply | undefined> {
    const verdict = await this.#options.auth.check(users, authorization);
    if (verdict === 'too_busy')
      return textReply(503, 'Too many logins at once. Try again later.', { 'retry-after': '5' });
    if (verdict !== 'refused') return undefined;
    return textReply(401, 'Login needed.', {
      'www-authenticate': 'Basic realm="fal-exporter", charset="UTF-8"',
    });
  }
}

const OPEN: WebConfig = { headers: {}, users: new Map() };
