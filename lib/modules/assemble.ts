import { defineConverge, type FileWishes, feed, type Goal, type Locals, type Sh, sh } from '../module.ts';
import {
  attributeGoal,
  hostPath,
  installFlags,
  modeFault,
  statFlags,
  validateFault,
  writeArgs,
} from './shared/attributes.ts';
import { decryptArg } from './shared/decrypt.ts';
import { toExtended } from './shared/posix-regexp.ts';
import { hasMatch, pythonRegexp, regexpFault } from './shared/python-regexp.ts';
import { checksum } from './shared/sums.ts';

interface Args extends FileWishes {
  readonly src: string;
  readonly dest: string;
  readonly delimiter?: string | undefined;
  readonly regexp?: string | undefined;
  readonly ignore_hidden: boolean;
  readonly decrypt: boolean;
  readonly remote_src: boolean;
}

export default defineConverge({
  name: 'assemble',
  doc: 'Makes one file of the files in a folder, in the order of their names.',
  args: {
    properties: {
      src: { type: 'string', path: 'remote_src', description: 'The folder.' },
      dest: { type: 'string', path: true, description: 'The file made of them, on the host.' },
      delimiter: { type: 'string', description: 'Text put between the files, on lines of its own.' },
      regexp: { type: 'string', description: 'Takes only files whose name matches this Python regular expression.' },
      ignore_hidden: { type: 'boolean', default: false, description: 'Leaves out names that begin with a dot.' },
      ...decryptArg,
      remote_src: { type: 'boolean', default: true, description: 'src is on the host; when false, on the controller.' },
      ...writeArgs,
    },
    required: ['src', 'dest'],
  },
  examples: `
- assemble: { src: /etc/app.d, dest: /etc/app.conf, validate: "app --check %s" }
`,
  returns: {
    dest: 'path of the file',
    checksum: 'SHA1 of it, when src is on the controller',
    backup_file: 'path of the backup',
  },

  needs: a => (a.remote_src ? [] : [{ kind: 'tree', path: a.src, follow: true, decrypt: a.decrypt }]),

  check(a) {
    const pattern = a.regexp === undefined || !a.remote_src ? { text: '' } : toExtended(a.regexp, 'anywhere');
    if ('error' in pattern) return `regexp: ${pattern.error}`;
    return regexpFault('regexp', a.regexp) ?? modeFault(a.mode) ?? validateFault(a.validate);
  },

  file: a => a,

  goal: (a, local): Goal =>
    a.remote_src
      ? { same: 'true', type: 'file', ...attributeGoal(a) }
      : { type: 'file', sha256: checksum('sha256', body(a, local)), ...attributeGoal(a) },

  probe(a, want) {
    const dest = hostPath(a.dest);
    const rest = want.filter(key => key !== 'same');
    return sh.lines(
      a.remote_src && sh`${assembled(a)} || exit`,
      a.remote_src &&
        sh`if [ -f ${dest} ] && cmp -s "$tp_made" ${dest}; then tp_kv same true; else tp_kv same false; fi; rm -f "$tp_made"`,
      sh`tp_stat ${[statFlags(a), dest, rest]}`,
      a.remote_src && sh`rmdir "$tp_dir" 2>/dev/null || :`,
    );
  },

  detail: a => ['mode', 'owner', 'group', 'uid', 'gid', 'size', ...(a.backup ? ['backup_file'] : [])],

  refuse: (a, before) =>
    before['type'] === 'directory' ? `${a.dest} is a directory: give the path of a file` : undefined,

  apply: (a, local) =>
    a.remote_src
      ? sh.lines(assembled(a), sh`tp_install ${installFlags(a)} "$tp_made" ${hostPath(a.dest)}`, sh`rm -f "$tp_made"`)
      : sh`tp_install ${[installFlags(a), feed(body(a, local)), hostPath(a.dest)]}`,

  values(a, state, local) {
    const { mode, owner, group, uid, gid, size, backup_file } = state;
    const facts = mode ? { mode, owner, group, uid: Number(uid), gid: Number(gid), size: Number(size) } : {};
    const sum = a.remote_src ? {} : { checksum: checksum('sha1', body(a, local)) };
    return { dest: a.dest, src: a.src, state: 'file', ...facts, ...sum, ...(backup_file ? { backup_file } : {}) };
  },
});

function assembled(a: Args): Sh {
  const pattern = a.regexp === undefined ? undefined : toExtended(a.regexp, 'anywhere');
  const regexp = pattern !== undefined && 'text' in pattern ? pattern.text : '';
  const between = a.delimiter === undefined ? '' : separator(a.delimiter);
  return sh`tp_made=$(tp_temp) && tp_assemble ${[hostPath(a.src), between, regexp, a.ignore_hidden ? 'visible' : '']} >"$tp_made"`;
}

/** The delimiter with its escapes read, ending in a line break. */
function separator(delimiter: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
  const text = delimiter.replace(/\\(?:x([0-9a-fA-F]{2})|([^]))/g, (all, hex: string | undefined, c: string) =>
    hex === undefined ? (escapes[c] ?? all) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** As Ansible: a file that does not end its last line gets a line break before the next. */
function body(a: Args, local: Locals): Uint8Array {
  const data = local.get(a.src);
  if (data === undefined) throw new Error(`internal: ${a.src} was not read`);
  const regexp = a.regexp === undefined ? undefined : pythonRegexp(a.regexp);
  const chosen = data.files
    .filter(f => f.type === 'file' && f.path !== '' && !f.path.includes('/'))
    .filter(f => !(a.ignore_hidden && f.path.startsWith('.')) && (regexp === undefined || hasMatch(regexp, f.path)))
    .sort((x, y) => (x.path < y.path ? -1 : 1));
  const parts = chosen.flatMap((f, i) => {
    const last = i > 0 && chosen[i - 1]?.bytes.at(-1) !== 10 ? '\n' : '';
    const delimiter = i > 0 && a.delimiter !== undefined ? separator(a.delimiter) : '';
    return [Buffer.from(last + delimiter), Buffer.from(f.bytes)];
  });
  return Buffer.concat(parts);
}
