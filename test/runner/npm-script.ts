/** Everything that a shell would treat specially; a step runs its commands without a shell. */
const SHELL_SYNTAX = /["'`$|;<>*?(){}\\]|&(?!&)(?<!&&)/;

/**
 * The commands of an npm script, as argument lists: `a -b && c` gives `[['a', '-b'], ['c']]`. The steps take
 * their commands from package.json, so that `npm run lint` and the step `lint` can never differ. Throws for a
 * script that only a shell understands.
 */
export function commandsOf(name: string, script: string | undefined): string[][] {
  if (script === undefined)
    throw new Error(`package.json has no script "${name}", which a step of the tests runs`);
  if (SHELL_SYNTAX.test(script)) {
    throw new Error(
      `the script "${name}" of package.json needs a shell (${script}): the test runner understands plain words and && only`,
    );
  }
  const commands = script.split('&&').map((command) => command.split(/\s+/).filter((word) => word !== ''));
  if (commands.some((words) => words.length === 0)) {
    throw new Error(`the script "${name}" of package.json has an empty command: ${script}`);
  }
  return commands;
}
