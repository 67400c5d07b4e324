import { DEFAULT_ACCOUNT, FAKE_ADMIN_KEY, FAKE_API_KEY } from '../default-world.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import type { CommandOptions } from './options.ts';

/** What people read when the simulator is up: where it is, with which keys, how to use it, how to steer it. */
export function welcomeText(url: string, options: CommandOptions): string {
  const { scenario, endpoint, seed, indexingLag } = options;
  const aim = endpoint === undefined ? '' : ` for ${endpoint}`;
  return `fal-simulator listens on ${url}
scenario ${scenario}${aim}, seed ${seed}, indexing lag ${indexingLag} s; prices and durations are invented

Keys (they open nothing but this simulator)
  run models              FAL_KEY=${FAKE_API_KEY}
  usage, billing, keys    FAL_ADMIN_KEY=${FAKE_ADMIN_KEY}

Point @fal-ai/client at it
${indented(clientSnippet(url))}

Steer it
  curl -s ${url}/_control/scenarios
  curl -s -X POST ${url}/_control/scenarios/queue-stall -d '{"endpointId":"fal-ai/flux/dev"}'
  curl -s -X PATCH ${url}/_control/accounts/${DEFAULT_ACCOUNT} -d '{"topUpUsd":10}'

Ctrl-C ends it.
`;
}

/** JavaScript that sends every call of the client here. Upload URLs in answers lead here already and stay as they are. */
export function clientSnippet(url: string): string {
  return `const simulator = '${url}';
const toSimulator = (input, init) => {
  const url = new URL(input);
  if (url.origin === simulator) return fetch(url, init);
  return fetch(\`\${simulator}/\${url.host}\${url.pathname}\${url.search}\`, init);
};
const fal = createFalClient({ credentials: '${FAKE_API_KEY}', fetch: toSimulator });`;
}

/** The same for programs. */
export function welcomeJson(url: string, options: CommandOptions): string {
  return jsonLine({
    url,
    controlUrl: `${url}/_control`,
    scenario: options.scenario,
    endpointId: options.endpoint,
    seed: options.seed,
    indexingLagSeconds: options.indexingLag,
    account: DEFAULT_ACCOUNT,
    apiKey: FAKE_API_KEY,
    adminKey: FAKE_ADMIN_KEY,
  });
}

/** All scenarios, one a line, or as JSON. */
export function scenarioList(asJson: boolean): string {
  if (asJson) return jsonLine(SCENARIOS.map(({ name, description }) => ({ name, description })));
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
  return SCENARIOS.map(({ name, description }) => `${name.padEnd(width)}  ${description}\n`).join('');
}

export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
