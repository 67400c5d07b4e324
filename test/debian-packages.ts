/** A Debian package that the tests need, and the commands that it brings. */
export interface DebianPackage {
  readonly name: string;
  readonly commands: readonly string[];
}

export const DEBIAN_PACKAGES: readonly DebianPackage[] = [
  { name: 'prometheus', commands: ['prometheus', 'promtool'] },
  { name: 'prometheus-alertmanager', commands: ['prometheus-alertmanager', 'amtool'] },
  // 1.29 checks docker-compose.yml without an engine, and its subset of the format runs everywhere.
  { name: 'docker-compose', commands: ['docker-compose'] },
  // Draws the dashboards and the plugin's panels and pages.
  { name: 'chromium', commands: ['chromium'] },
  // For the example of a BullMQ worker.
  { name: 'redis-server', commands: ['redis-server'] },
];

/** What installing needs from a machine; the real one is in debian-machine.ts. */
export interface Machine {
  /** True when the command is on the PATH. */
  has(command: string): boolean;
  isRoot(): boolean;
  /** Runs a command to its end, output streamed; gives the exit code. */
  run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<number>;
  /** Keeps packages from starting their services while they are installed; gives what ends that. */
  holdServices(): () => void;
  readonly say: (line: string) => void;
}

/** Wait for another apt or dpkg (unattended upgrades, a second checkout's tests) rather than fail at once. */
const LOCK_TIMEOUT = ['-o', 'DPkg::Lock::Timeout=300'];

const QUIET = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };

/**
 * Makes sure that the packages' commands are there. Installs what is missing where that is possible (root and
 * apt-get); otherwise throws with the list of what is missing and the command that installs it.
 */
export async function ensureDebianPackages(
  packages: readonly DebianPackage[],
  machine: Machine,
): Promise<void> {
  const missing = missingOf(packages, machine);
  if (missing.length === 0) {
    machine.say(`all there: ${packages.flatMap(({ commands }) => commands).join(', ')}`);
    return;
  }
  const obstacle = obstacleOn(machine);
  if (obstacle !== undefined)
    throw new Error(`${listOf(missing)}\nNot installed here: ${obstacle}.\n${advice(missing)}`);
  const code = await install(missing, machine);
  const stillMissing = missingOf(packages, machine);
  if (stillMissing.length > 0) {
    throw new Error(
      `${listOf(stillMissing)}\napt-get install ended with exit code ${code}.\n${advice(stillMissing)}`,
    );
  }
}

interface Missing extends DebianPackage {
  readonly missing: readonly string[];
}

function missingOf(packages: readonly DebianPackage[], machine: Machine): Missing[] {
  return packages
    .map((each) => ({ ...each, missing: each.commands.filter((command) => !machine.has(command)) }))
    .filter(({ missing }) => missing.length > 0);
}

function obstacleOn(machine: Machine): string | undefined {
  if (!machine.has('apt-get')) return 'this machine has no apt-get';
  if (!machine.isRoot()) return 'only root may install packages';
  return undefined;
}

async function install(missing: readonly Missing[], machine: Machine): Promise<number> {
  const names = missing.map(({ name }) => name);
  machine.say(`installing the Debian packages ${names.join(', ')}`);
  const release = machine.holdServices();
  try {
    const updated = await machine.run('apt-get', ['update', ...LOCK_TIMEOUT], QUIET);
    // The lists that are already here may do; if not, the install says so.
    if (updated !== 0)
      machine.say(`apt-get update ended with exit code ${updated}; trying with the lists at hand`);
    return await machine.run(
      'apt-get',
      ['install', '-y', '--no-install-recommends', ...LOCK_TIMEOUT, ...names],
      QUIET,
    );
  } finally {
    release();
  }
}

function listOf(missing: readonly Missing[]): string {
  const lines = missing.map(
    ({ name, missing: commands }) => `  ${commands.join(', ')} (Debian package ${name})`,
  );
  return ['The tests need commands that this machine does not have:', ...lines].join('\n');
}

function advice(missing: readonly Missing[]): string {
  const names = missing.map(({ name }) => name).join(' ');
  return `Install them with: sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}`;
}
