import { defineEdit, type EditResult } from '../module.ts';
import { modeFault, validateFault, writeArgs } from './shared/attributes.ts';
import { hasMatch, pythonRegexp, regexpFault } from './shared/python-regexp.ts';

interface Args {
  readonly path: string;
  readonly state: 'present' | 'absent';
  readonly block: string;
  readonly marker: string;
  readonly marker_begin: string;
  readonly marker_end: string;
  readonly insertafter?: string | undefined;
  readonly insertbefore?: string | undefined;
  readonly create: boolean;
}

export default defineEdit({
  name: 'blockinfile',
  doc: 'Keeps a block of lines in a file, between two marker lines.',
  args: {
    properties: {
      path: { type: 'string', path: true, aliases: ['dest', 'destfile', 'name'], description: 'The file.' },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether it shall be there.',
      },
      block: {
        type: 'string',
        default: '',
        aliases: ['content'],
        description: 'The lines; when empty, the block is removed.',
      },
      marker: {
        type: 'string',
        default: '# {mark} ANSIBLE MANAGED BLOCK',
        description: 'Marker line; {mark} becomes marker_begin or marker_end.',
      },
      marker_begin: { type: 'string', default: 'BEGIN', description: 'What {mark} becomes above the block.' },
      marker_end: { type: 'string', default: 'END', description: 'What {mark} becomes below the block.' },
      insertafter: { type: 'string', description: 'Where a new block goes: after the last line that matches, or EOF.' },
      insertbefore: {
        type: 'string',
        description: 'Where a new block goes: before the last line that matches, or BOF.',
      },
      create: { type: 'boolean', default: false, description: 'Makes the file when it is missing.' },
      ...writeArgs,
    },
    required: ['path'],
    exclusive: [['insertafter', 'insertbefore']],
  },
  examples: `
- blockinfile:
    path: /etc/hosts
    marker: "# {mark} tplay: cluster"
    block: |
      10.0.0.1 one
      10.0.0.2 two
`,
  returns: { msg: 'what was done', backup: 'path of the backup, when one was made' },

  check(a) {
    if (!a.marker.includes('{mark}') || a.marker_begin === a.marker_end)
      return 'marker needs {mark} in it, and marker_begin and marker_end must differ: or the block is not found again';
    if (`${a.marker}${a.marker_begin}${a.marker_end}`.includes('\n')) return 'a marker must be one line';
    return (
      regexpFault('insertafter', a.insertafter) ??
      regexpFault('insertbefore', a.insertbefore) ??
      modeFault(a.mode) ??
      validateFault(a.validate)
    );
  },

  path: a => a.path,
  file: a => a,

  edit(a, text): EditResult {
    if (text === undefined && a.state === 'absent') return { same: true, message: `File ${a.path} not present` };
    if (text === undefined && !a.create) return { error: `${a.path} does not exist: use create to make it` };
    const begin = `${a.marker.replaceAll('{mark}', a.marker_begin)}\n`;
    const end = `${a.marker.replaceAll('{mark}', a.marker_end)}\n`;
    const kept = splitLines(text ?? '');
    const at = cut(a, kept, { begin, end, text: text ?? '' });
    const block =
      a.state === 'absent' || a.block === '' ? [] : [begin, ...splitLines(a.block.replace(/\n?$/, '\n')), end];
    const above = kept.slice(0, at).join('');
    const gap = above === '' || above.endsWith('\n') ? '' : '\n';
    const result = [above, gap, ...block, ...kept.slice(at)].join('');
    const message =
      result === text
        ? ''
        : text === undefined
          ? 'File created'
          : block.length === 0
            ? 'Block removed'
            : 'Block inserted';
    return { text: result, message };
  },
});

/** Takes the old block out of the lines and says where the new one goes. */
function cut(a: Args, lines: string[], old: { begin: string; end: string; text: string }): number {
  const first = lines.lastIndexOf(old.begin);
  const last = lines.lastIndexOf(old.end);
  if (first >= 0 && last >= 0) {
    const top = Math.min(first, last);
    lines.splice(top, Math.abs(last - first) + 1);
    return top;
  }
  const pattern = [a.insertafter, a.insertbefore].find(p => p !== undefined && p !== 'EOF' && p !== 'BOF');
  if (pattern === undefined) return a.insertbefore === 'BOF' || a.insertafter === 'BOF' ? 0 : lines.length;
  const found = /^\(\?[a-z]*m/.test(pattern) ? lineOfMatch(a, pattern, old.text) : lastMatch(pattern, lines);
  if (found < 0) return lines.length;
  return a.insertafter === undefined ? found : Math.min(found + 1, lines.length);
}

function lastMatch(pattern: string, lines: readonly string[]): number {
  const regexp = pythonRegexp(pattern);
  return lines.findLastIndex(line => hasMatch(regexp, line));
}

/** As Ansible: with the flag m the whole text is searched; the block goes to the line where the match ends or begins. */
function lineOfMatch(a: Args, pattern: string, text: string): number {
  const match = pythonRegexp(pattern).exec(text);
  if (match === null) return -1;
  const offset = a.insertafter === undefined ? match.index : match.index + match[0].length;
  return text.slice(0, offset).split('\n').length - 1;
}

/** Lines with their ends; as Python's of bytes, \r alone ends one too. */
function splitLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}
