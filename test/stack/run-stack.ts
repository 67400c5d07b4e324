/**
 * `npm run stack`: the demo exporter, Prometheus, Alertmanager and a stand-in for PagerDuty on loopback, until
 * Ctrl-C.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { DEBIAN_PACKAGES, ensureDebianPackages } from '../debian-packages.ts';
import { thisMachine } from '../debian-machine.ts';
import { startStack, type Stack } from './stack.ts';

const HELP = `npm run stack [-- --fast] [-- --free-ports]

Starts the exporter with its demo, Prometheus, Alertmanager and a stand-in for PagerDuty on this machine, from the
files that docker-compose.yml mounts. No key, no money, no container. Ctrl-C ends all of it.

  --fast         divides every duration of rules and routes by 20: a page in seconds instead of minutes
  --free-ports   takes any free ports instead of 10464, 9090, 9093 and 10470
`;

const PORTS = { exporter: 10464, prometheus: 9090, alertmanager: 9093, pagerDuty: 10470 };
const FAST = 20;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      fast: { type: 'boolean' },
      'free-ports': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await ensureDebianPackages(
    DEBIAN_PACKAGES.filter(({ name }) => name.startsWith('prometheus')),
    thisMachine({ say: () => undefined, root: process.cwd(), env: process.env }),
  );
  const stack = await startStack({
    speedUp: values.fast === true ? FAST : 1,
    ...(values['free-ports'] === true ? {} : { ports: PORTS }),
    onStep: (step) => say(`starting ${step} …`),
  });
  try {
    say(signpost(stack, values.fast === true));
    await ended;
  } finally {
    say('\nstopping …');
    await stack.stop();
  }
  return 0;
}

function signpost({ exporter, prometheus, alertmanager, pagerDuty }: Stack, isFast: boolean): string {
  const port = new URL(exporter.url).port === '10464' ? '' : ` --exporter ${exporter.url}`;
  const drill = [
    `npx fal-exporter drill outage${port}`,
    ...(port === '' ? [] : [`--prometheus ${prometheus.url} --alertmanager ${alertmanager.url}`]),
  ].join(' ');
  return `
  exporter       ${exporter.url}       whose fault, which model, since when
  Prometheus     ${prometheus.url}/alerts  what is pending and firing
  Alertmanager   ${alertmanager.url}        what was sent, held back, silenced
  PagerDuty      ${pagerDuty.url}       a stand-in: whose phone would ring

  Break it:      ${drill}
                 (--list names every drill; each heals itself)
  ${isFast ? `Durations are divided by ${FAST}: a page comes within seconds.` : 'Durations are real: a page comes within minutes. Add -- --fast to divide them by 20.'}
  Ctrl-C ends all of it.
`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
