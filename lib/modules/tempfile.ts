import { randomBytes } from 'node:crypto';
import { defineCommand, sh } from '../module.ts';

export default defineCommand({
  name: 'tempfile',
  doc: 'Makes a new temporary file or folder on the host that only its user can read.',
  args: {
    properties: {
      state: { type: 'string', enum: ['file', 'directory'], default: 'file', description: 'What is made.' },
      path: {
        type: 'string',
        path: true,
        description: "Folder it is made in; the host's own for such files unless told.",
      },
      prefix: { type: 'string', default: 'ansible.', description: 'How its name begins.' },
      suffix: { type: 'string', default: '', description: 'How its name ends.' },
    },
  },
  examples: `
- tempfile: { state: directory, suffix: build }
  register: made
- file: { path: "{{ made.path }}", state: absent }
`,
  returns: { path: 'path of what was made' },

  check: a =>
    `${a.prefix}${a.suffix}`.includes('/') ? 'prefix and suffix are parts of a name: they cannot hold "/"' : undefined,

  run(a) {
    // the name is made here: mktemp is not POSIX, and nobody can guess it; set -C and mkdir refuse what exists
    const name = `${a.prefix}${randomBytes(8).toString('hex')}${a.suffix}`;
    const path = a.path === undefined ? sh`"$tp_in"/${name}` : sh`${a.path}/${name}`;
    return sh.lines(
      sh`umask 077`,
      a.path === undefined && sh`tp_in=$TMPDIR; [ -n "$tp_in" ] || tp_in=/tmp`,
      a.state === 'directory' ? sh`mkdir -- ${path} || exit` : sh`(set -C; : >${path}) || exit`,
      sh`printf '%s\n' ${path}`,
    );
  },

  values: (a, reply) => ({ path: reply.stdout.replace(/\n$/, ''), state: a.state }),
});
