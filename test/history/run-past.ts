/** `node test/history/run-past.ts NAME`: a Prometheus that knows a past, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { buildPast } from './past.ts';
import { startPastPrometheus } from './past-prometheus.ts';
import { PAST_NAMES, type PastName, SCRIPTS } from './pasts.ts';

const HELP = `node test/history/run-past.ts NAME [--port 9091] [--hours 6] [--ahead 10] [--seed 1] [--rules live]

Lives through a past in virtual time (simulated fal, the real exporter, a real instrumented app) and serves it from
a real Prometheus on loopback, until Ctrl-C. It reaches --ahead minutes beyond now. What the shipped rules
would have recorded and fired is in it; with --rules live Prometheus evaluates them from now on instead.

${PAST_NAMES.map((name) => `  ${name.padEnd(14)} ${SCRIPTS[name].description}`).join('\n')}
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '9091' },
      hours: { type: 'string', default: '6' },
      ahead: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      rules: { type: 'string', default: 'history' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [name = ''] = positionals;
  if (values.help === true || !isPastName(name)) {
    process.stdout.write(HELP);
    return values.help === true ? 0 : 2;
  }
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  say(`living through ${values.hours} hours of ${name} …`);
  const past = await buildPast(name, {
    hours: Number(values.hours),
    minutesAhead: Number(values.ahead),
    seed: Number(values.seed),
  });
  const prometheus = await startPastPrometheus(past, {
    port: Number(values.port),
    rules: values.rules === 'live' ? 'live' : 'history',
  });
  say(`${prometheus.url} knows it from ${inWords(past.start)} to ${inWords(past.end)}; Ctrl-C ends it`);
  await ended;
  await prometheus.stop();
  await past.remove();
  return 0;
}

function isPastName(name: string): name is PastName {
  return (PAST_NAMES as readonly string[]).includes(name);
}

function inWords(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main();
