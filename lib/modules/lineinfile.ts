import { defineEdit, type EditResult } from '../module.ts';
import { modeFault, validateFault, writeArgs } from './shared/attributes.ts';
import { bare, linesOf } from './shared/lines.ts';
import { expand, hasMatch, pythonRegexp, regexpFault } from './shared/python-regexp.ts';

interface Args {
  readonly path: string;
  readonly line?: string | undefined;
  readonly regexp?: string | undefined;
  readonly search_string?: string | undefined;
  readonly insertafter?: string | undefined;
  readonly insertbefore?: string | undefined;
  readonly backrefs: boolean;
  readonly firstmatch: boolean;
  readonly create: boolean;
}

export default defineEdit({
  name: 'lineinfile',
  doc: 'Makes sure that a line is in a file, replaces the line that matches, or removes lines.',
  args: {
    properties: {
      path: { type: 'string', path: true, aliases: ['dest', 'destfile', 'name'], description: 'The file.' },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether it shall be there.',
      },
      line: { type: 'string', aliases: ['value'], description: 'The line.' },
      regexp: {
        type: 'string',
        aliases: ['regex'],
        description: 'Python regular expression: the last line that matches is replaced; with absent, all are removed.',
      },
      search_string: { type: 'string', description: 'As regexp, but text to be found as it is.' },
      backrefs: {
        type: 'boolean',
        default: false,
        description: 'Fills \\1 in line from regexp; without a match nothing is done.',
      },
      insertafter: { type: 'string', description: 'Without a match: after the last line that matches this, or EOF.' },
      insertbefore: { type: 'string', description: 'Without a match: before the last line that matches this, or BOF.' },
      firstmatch: { type: 'boolean', default: false, description: 'Takes the first line that matches, not the last.' },
      create: { type: 'boolean', default: false, description: 'Makes the file when it is missing.' },
      ...writeArgs,
    },
    required: ['path'],
    exclusive: [
      ['insertafter', 'insertbefore'],
      ['regexp', 'search_string'],
      ['backrefs', 'search_string'],
    ],
  },
  examples: `
- lineinfile: { path: /etc/ssh/sshd_config, regexp: '^#?PermitRootLogin ', line: PermitRootLogin no, validate: sshd -t -f %s }
- lineinfile: { path: /etc/hosts, regexp: '\\sold$', state: absent }
`,
  returns: { msg: 'what was done', backup: 'path of the backup, when one was made' },

  check(a) {
    if (a.state === 'present' && a.line === undefined) return 'state present needs "line"';
    if (a.state === 'absent' && a.line === undefined && a.regexp === undefined && a.search_string === undefined)
      return 'state absent needs one of line, regexp and search_string';
    if (a.backrefs && a.regexp === undefined) return 'backrefs needs "regexp"';
    return (
      regexpFault('regexp', a.regexp) ??
      regexpFault('insertafter', a.insertafter) ??
      regexpFault('insertbefore', a.insertbefore) ??
      modeFault(a.mode) ??
      validateFault(a.validate)
    );
  },

  path: a => a.path,
  file: a => a,

  edit(a, text): EditResult {
    if (a.state === 'absent') return text === undefined ? { same: true, message: 'file not present' } : remove(a, text);
    if (text === undefined && !a.create) return { error: `${a.path} does not exist: use create to make it` };
    try {
      return present(a, linesOf(text ?? ''), a.line ?? '');
    } catch (error) {
      return { error: (error as Error).message };
    }
  },
});

function matcher(a: Args): ((line: string) => RegExpExecArray | true | undefined) | undefined {
  if (a.search_string !== undefined) {
    const part = a.search_string;
    return line => line.includes(part) || undefined;
  }
  if (a.regexp === undefined) return undefined;
  const regexp = pythonRegexp(a.regexp);
  return line => {
    regexp.lastIndex = 0;
    return regexp.exec(line) ?? undefined;
  };
}

function remove(a: Args, text: string): EditResult {
  const match = matcher(a) ?? (line => bare(line) === a.line || undefined);
  const lines = linesOf(text);
  const kept = lines.filter(line => match(line) === undefined);
  const found = lines.length - kept.length;
  return { text: kept.join(''), values: { found }, message: found > 0 ? `${found} line(s) removed` : '' };
}

function present(a: Args, lines: string[], wanted: string): EditResult {
  const match = matcher(a);
  const hits =
    match === undefined ? [] : lines.map(match).flatMap((hit, at) => (hit === undefined ? [] : [{ at, hit }]));
  const chosen = a.firstmatch ? hits[0] : hits.at(-1);
  if (chosen !== undefined) {
    const line = a.backrefs && chosen.hit !== true ? expand(wanted, chosen.hit) : wanted;
    return replaced(lines, chosen.at, line);
  }
  const { exact, place } = search(a, lines, wanted);
  if (exact >= 0) return replaced(lines, exact, wanted);
  // as Ansible: without a match there is nothing to fill the references from
  if (a.backrefs) return { text: lines.join(''), message: '' };
  return inserted(a, lines, { wanted, place });
}

/** The last line that is the wanted one already, and the index at which insertafter or insertbefore puts it. */
function search(a: Args, lines: readonly string[], wanted: string): { exact: number; place: number } {
  const after = a.insertafter !== undefined && !['', 'BOF', 'EOF'].includes(a.insertafter);
  const before = !after && a.insertbefore !== undefined && !['', 'BOF'].includes(a.insertbefore);
  const regexp = after ? pythonRegexp(a.insertafter ?? '') : before ? pythonRegexp(a.insertbefore ?? '') : undefined;
  let exact = -1;
  let place = -1;
  for (const [at, line] of lines.entries()) {
    if (bare(line) === wanted) exact = at;
    else if (regexp !== undefined && !(a.firstmatch && place >= 0) && hasMatch(regexp, line))
      place = after ? at + 1 : at;
  }
  return { exact, place };
}

function replaced(lines: readonly string[], at: number, line: string): EditResult {
  const whole = line.endsWith('\n') ? line : `${line}\n`;
  const same = lines[at] === whole;
  return { text: lines.with(at, whole).join(''), message: same ? '' : 'line replaced' };
}

function inserted(a: Args, lines: readonly string[], { wanted, place }: { wanted: string; place: number }): EditResult {
  const added = { message: 'line added' };
  const line = `${wanted}\n`;
  if (a.insertbefore === 'BOF' || a.insertafter === 'BOF') return { text: [line, ...lines].join(''), ...added };
  const at = place < 0 || a.insertafter === 'EOF' ? lines.length : place;
  const before = lines.slice(0, at).join('');
  const gap = at === lines.length && before !== '' && !/[\r\n]$/.test(before) ? '\n' : '';
  return { text: [before, gap, line, ...lines.slice(at)].join(''), ...added };
}
