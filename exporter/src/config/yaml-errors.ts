import type { ErrorCode } from 'yaml';

interface Explanation {
  readonly found: string;
  readonly hint?: string;
}

/**
 * What YAML's error codes mean for someone who writes a configuration. The parser's own messages are not shown:
 * some of them quote the file, which may hold a prompt or a key.
 */
const EXPLANATIONS: Readonly<Partial<Record<ErrorCode, Explanation>>> = {
  BAD_DQ_ESCAPE: {
    found: 'a backslash in double quotes that begins no escape',
    hint: 'double the backslash, or use single quotes',
  },
  BAD_INDENT: { found: 'wrong indentation', hint: 'line it up with its neighbours' },
  BAD_SCALAR_START: {
    found: 'a text that begins with a character that YAML reserves (@, `, %, &, *, !)',
    hint: 'put it in quotes',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    found: 'a second "key: value" on the same line, or wrong indentation',
    hint: 'put each key on a line of its own, or the value in quotes if it contains a colon',
  },
  BLOCK_IN_FLOW: {
    found: 'an indented block inside brackets',
    hint: 'close the bracket first, or write all of it in brackets',
  },
  KEY_OVER_1024_CHARS: { found: 'a key of more than 1024 characters' },
  MISSING_CHAR: {
    found: 'something is missing here: a colon, a comma, a closing quote or a closing bracket',
  },
  MULTILINE_IMPLICIT_KEY: {
    found: 'a key that goes over more than one line',
    hint: 'look for a missing colon, or for wrong indentation in the line above',
  },
  MULTIPLE_DOCS: { found: 'a second document (---) in the file', hint: 'keep one' },
  RESOURCE_EXHAUSTION: { found: 'nested too deeply' },
  TAB_AS_INDENT: { found: 'a tab as indentation', hint: 'use spaces' },
  TAG_RESOLVE_FAILED: { found: 'a tag (!name), which a configuration needs nowhere', hint: 'remove it' },
  UNEXPECTED_TOKEN: { found: 'something that YAML does not expect here' },
};

/** A YAML error in our own words. */
export function explainYamlError(code: ErrorCode): Explanation {
  return EXPLANATIONS[code] ?? { found: 'not valid YAML from here on' };
}
