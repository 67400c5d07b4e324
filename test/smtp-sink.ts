import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { TLSSocket } from 'node:tls';

/** A mail as it came, with who logged in for it. */
export interface Mail {
  /** User and password of AUTH PLAIN; only taken once the line is encrypted. */
  readonly login: string;
  readonly to: readonly string[];
  /** Head and body, lines ended by \n. */
  readonly text: string;
}

export interface SmtpSink {
  /** `host:port` */
  readonly address: string;
  readonly mails: readonly Mail[];
  stop(): Promise<void>;
}

/** A mail server on loopback that insists on STARTTLS and a login, as RFC 5321, 3207 and 4954 have it. */
export async function startSmtpSink(certificate: { key: string; cert: string }): Promise<SmtpSink> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('220 sink ESMTP\r\n');
    converse(socket, certificate, mails);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    mails,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function converse(socket: Socket, certificate: { key: string; cert: string }, mails: Mail[]): void {
  const isSecure = socket instanceof TLSSocket;
  let [login, to, data]: [string, string[], string[] | undefined] = ['', [], undefined];
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  const commands: Readonly<Record<string, (line: string) => string>> = {
    EHLO: () => (isSecure ? '250-sink\r\n250 AUTH PLAIN' : '250-sink\r\n250 STARTTLS'),
    QUIT: () => '221 bye',
    ...(isSecure && {
      AUTH: (line) => {
        login = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString();
        return '235 welcome';
      },
      MAIL: () => '250 ok',
      RCPT: (line) => {
        to.push(line.slice(line.indexOf('<') + 1, line.lastIndexOf('>')));
        return '250 ok';
      },
      DATA: () => {
        data = [];
        return '354 go on';
      },
    }),
  };
  lines.on('line', (line) => {
    if (data !== undefined && line !== '.') return void data.push(line);
    if (data !== undefined) {
      mails.push({ login, to, text: data.join('\n') });
      [to, data] = [[], undefined];
      return void socket.write('250 kept\r\n');
    }
    const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? '';
    if (verb === 'STARTTLS') {
      lines.close();
      socket.write('220 go ahead\r\n');
      const secure = new TLSSocket(socket, { isServer: true, ...certificate });
      secure.on('error', () => undefined);
      return converse(secure, certificate, mails);
    }
    socket.write(`${commands[verb]?.(line) ?? '530 not like this'}\r\n`);
  });
}
