import { defineEdit, type EditResult } from '../module.ts';
import { modeFault, validateFault, writeArgs } from './shared/attributes.ts';
import { encodingFault, encodingOf } from './shared/encoding.ts';
import { expand, pythonRegexp, regexpFault } from './shared/python-regexp.ts';

interface Args {
  readonly path: string;
  readonly regexp: string;
  readonly replace: string;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

export default defineEdit({
  name: 'replace',
  doc: 'Replaces everything in a file that matches a regular expression.',
  args: {
    properties: {
      path: { type: 'string', path: true, aliases: ['dest', 'destfile', 'name'], description: 'The file.' },
      regexp: { type: 'string', description: 'Python regular expression; ^ and $ mean lines.' },
      replace: {
        type: 'string',
        default: '',
        description: 'What each match becomes; \\1 and \\g<name> are groups of it.',
      },
      after: { type: 'string', description: 'Only what follows this regular expression.' },
      before: { type: 'string', description: 'Only what comes before this regular expression.' },
      encoding: {
        type: 'string',
        default: 'utf-8',
        description: 'Encoding of the file: utf-8, latin-1, cp1252 and the like.',
      },
      ...writeArgs,
    },
    required: ['path', 'regexp'],
  },
  examples: `
- replace: { path: /etc/hosts, regexp: '(\\s+)old\\.host(\\s+.*)?$', replace: '\\1new.host\\2' }
`,
  returns: { msg: 'what was done', backup: 'path of the backup, when one was made' },

  check: a =>
    regexpFault('regexp', a.regexp) ??
    regexpFault('after', a.after) ??
    regexpFault('before', a.before) ??
    encodingFault('encoding', a.encoding) ??
    modeFault(a.mode) ??
    validateFault(a.validate),

  path: a => a.path,
  // as Ansible: bytes that are not UTF-8 in a file that should be stay as they are
  encoding: a => (/^utf[-_]?8$/i.test(a.encoding) ? undefined : encodingOf(a.encoding)),
  file: a => a,

  edit(a, text): EditResult {
    if (text === undefined) return { error: `${a.path} does not exist` };
    try {
      return replaceIn(a, text);
    } catch (error) {
      return { error: (error as Error).message };
    }
  },
});

function replaceIn(a: Args, text: string): EditResult {
  const [start, end] = sectionOf(a, text);
  if (start < 0)
    return {
      same: true,
      message: `Pattern for before/after params did not match the given file: ${sectionPattern(a)}`,
    };
  const section = text.slice(start, end);
  const regexp = pythonRegexp(a.regexp, { multiline: true, unicode: true });
  let count = 0;
  const result = section.replace(regexp, (...parts) => {
    count++;
    return expand(a.replace, matchOf(parts));
  });
  const message = result === section ? '' : `${count} replacements made`;
  return { text: text.slice(0, start) + result + text.slice(end), message };
}

/** The arguments of a replacer, as the match that they came from. */
function matchOf(parts: readonly unknown[]): RegExpExecArray {
  const last = parts.at(-1);
  const groups = typeof last === 'object' ? (last as Record<string, string>) : undefined;
  const strings = parts.slice(0, parts.length - (groups === undefined ? 2 : 3));
  return Object.assign([...strings], { groups }) as unknown as RegExpExecArray;
}

function sectionPattern(a: Args): string | undefined {
  if (a.after !== undefined && a.before !== undefined) return `${a.after}(?P<subsection>.*?)${a.before}`;
  if (a.after !== undefined) return `${a.after}(?P<subsection>.*)`;
  return a.before === undefined ? undefined : `(?P<subsection>.*)${a.before}`;
}

function sectionOf(a: Args, text: string): readonly [number, number] {
  const pattern = sectionPattern(a);
  if (pattern === undefined) return [0, text.length];
  const match = pythonRegexp(pattern, { dotall: true, unicode: true }).exec(text);
  return match?.indices?.groups?.['subsection'] ?? [-1, -1];
}
