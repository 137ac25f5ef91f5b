import { defineQuery, sh } from '../module.ts';
import { hostPath } from './shared/attributes.ts';
import { type StatNumbers, statInfo } from './shared/stat-info.ts';
import { parseState } from './shared/state.ts';

const KEYS = 'type mode uid gid size atime mtime ctime nlink inode dev owner group link'.split(' ');

export default defineQuery({
  name: 'stat',
  doc: 'Looks at a path: whether it exists, what it is, its mode, owner, size and checksum.',
  args: {
    properties: {
      path: { type: 'string', aliases: ['dest', 'name'], description: 'Path on the host.' },
      follow: { type: 'boolean', default: false, description: 'Looks at what a link leads to.' },
      get_checksum: { type: 'boolean', default: true, description: 'Whether a checksum of a regular file is made.' },
      checksum_algorithm: {
        type: 'string',
        enum: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
        default: 'sha1',
        aliases: ['checksum', 'checksum_algo'],
        description: 'Algorithm of the checksum.',
      },
    },
    required: ['path'],
  },
  examples: `
- stat: { path: /etc/app.conf }
  register: conf
- debug: { msg: "mode {{ conf.stat.mode }}" }
  when: conf.stat.exists
`,
  returns: {
    stat: 'exists; when it does: path, isreg, isdir, islnk, isfifo, issock, isblk, ischr, mode, uid, gid, pw_name, gr_name, size, inode, dev, nlink, atime, mtime, ctime, checksum, lnk_target, lnk_source, readable, writeable, executable, isuid, isgid, rusr, wusr, xusr, rgrp, wgrp, xgrp, roth, woth, xoth',
  },

  probe(a) {
    const path = hostPath(a.path);
    const sum = a.get_checksum && a.checksum_algorithm;
    return sh.lines(
      sh`tp_stat ${[a.follow && '-L', path, KEYS, sum]} || exit`,
      sh`for tp_key in r w x; do if [ "-$tp_key" ${path} ]; then tp_kv "$tp_key" 1; fi; done`,
      sh`if [ -L ${path} ]; then tp_kv source "$(readlink -f -- ${path})"; fi`,
    );
  },

  parse(reply, a) {
    if (reply.rc !== 0) return { failed: reply.stderr.trim() || `${a.path} could not be looked at` };
    const state = parseState(reply.stdout);
    const type = state['type'];
    if (type === 'absent') return { values: { stat: { exists: false } } };
    const number = (key: string) => Number(state[key]);
    const numbers: StatNumbers = {
      kind: type as StatNumbers['kind'],
      mode: Number.parseInt(state['mode'] ?? '0', 8),
      uid: number('uid'),
      gid: number('gid'),
      size: number('size'),
      atime: number('atime'),
      mtime: number('mtime'),
      ctime: number('ctime'),
      nlink: number('nlink'),
      inode: number('inode'),
      dev: number('dev'),
      owner: state['owner'] ?? '',
      group: state['group'] ?? '',
    };
    const checksum = state[a.checksum_algorithm];
    const may = (what: string) => state[what] === '1';
    return {
      values: {
        stat: {
          exists: true,
          ...statInfo(a.path, numbers),
          readable: may('r'),
          writeable: may('w'),
          executable: may('x'),
          ...(checksum && { checksum }),
          ...(type === 'link' && { lnk_target: state['link'], lnk_source: state['source'] }),
        },
      },
    };
  },
});
