import { expect, test } from 'vitest';
import { commandsOf } from './npm-script.ts';

test('a script is split into commands and words', () => {
  expect(commandsOf('lint', 'eslint . --cache  && prettier --check .')).toEqual([
    ['eslint', '.', '--cache'],
    ['prettier', '--check', '.'],
  ]);
});

test.each(['a "b c"', 'a $HOME', 'a | b', 'a; b', 'a & b', 'a > file', 'a *.ts', "a 'b'", 'a && `b`'])(
  'a script that only a shell understands is refused: %s',
  (script) => {
    expect(() => commandsOf('lint', script)).toThrow('needs a shell');
  },
);

test.each(['', 'a &&', '&& a'])('a script with an empty command is refused: "%s"', (script) => {
  expect(() => commandsOf('lint', script)).toThrow('empty command');
});

test('a script that package.json does not have is named', () => {
  expect(() => commandsOf('layers', undefined)).toThrow('no script "layers"');
});
