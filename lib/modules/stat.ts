import { defineQuery, sh, type Values } from '../module.ts';
import { hostPath } from './shared/attributes.ts';
import { type StatNumbers, statInfo } from './shared/stat-info.ts';
import { parseState } from './shared/state.ts';

/** The flags of chattr by the names that Ansible gives them. */
const FLAGS: Readonly<Record<string, string>> = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
};

/** What `stat -c %b:%o:%t:%T` printed; nothing where the host's stat cannot. */
function storageOf(text: string): Values {
  const [blocks, size, major, minor] = text.split(':');
  if (blocks === undefined || major === undefined || minor === undefined) return {};
  const high = Number.parseInt(major, 16);
  const low = Number.parseInt(minor, 16);
  // as makedev: the low bits of each are together
  const device = (low & 0xff) | ((high & 0xfff) << 8) | ((low & ~0xff) << 12);
  return { blocks: Number(blocks), block_size: Number(size), device_type: device };
}

function mimeOf(text: string | undefined): Values {
  const found = /: (\S+); charset=(\S+)$/.exec(text ?? '');
  return { mimetype: found?.[1] ?? 'unknown', charset: found?.[2] ?? 'unknown' };
}

function attributesOf(text: string | undefined): Values {
  const [version, letters] = (text ?? '').trim().split(/\s+/);
  const flags = letters?.replaceAll('-', '') ?? '';
  const attributes = [...flags].map(c => FLAGS[c]).filter(name => name !== undefined);
  return { version: version || null, attributes, attr_flags: flags };
}

const KEYS = 'type mode uid gid size atime mtime ctime nlink inode dev owner group link'.split(' ');

export default defineQuery({
  name: 'stat',
  doc: 'Looks at a path: whether it exists, what it is, its mode, owner, size and checksum.',
  args: {
    properties: {
      path: { type: 'string', path: true, aliases: ['dest', 'name'], description: 'Path on the host.' },
      follow: { type: 'boolean', default: false, description: 'Looks at what a link leads to.' },
      get_checksum: { type: 'boolean', default: true, description: 'Whether a checksum of a regular file is made.' },
      get_mime: {
        type: 'boolean',
        default: true,
        aliases: ['mime', 'mime_type', 'mime-type'],
        description: 'Asks the file command of the host for mimetype and charset; unknown where it has none.',
      },
      get_attributes: {
        type: 'boolean',
        default: true,
        aliases: ['attr', 'attributes'],
        description: 'Asks lsattr for the flags of chattr; none where the host or its file system has none.',
      },
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
    stat: 'exists; when it does: path, isreg, isdir, islnk, isfifo, issock, isblk, ischr, mode, uid, gid, pw_name, gr_name, size, inode, dev, nlink, atime, mtime, ctime, blocks, block_size, device_type, checksum, mimetype, charset, attr_flags, attributes, version, lnk_target, lnk_source, readable, writeable, executable, isuid, isgid, rusr, wusr, xusr, rgrp, wgrp, xgrp, roth, woth, xoth',
  },

  probe(a) {
    const path = hostPath(a.path);
    const sum = a.get_checksum && a.checksum_algorithm;
    return sh.lines(
      sh`tp_stat ${[a.follow && '-L', path, KEYS, sum]} || exit`,
      sh`for tp_key in r w x; do if [ "-$tp_key" ${path} ]; then tp_kv "$tp_key" 1; fi; done`,
      sh`tp_kv blocks "$(stat ${a.follow && '-L'} -c %b:%o:%t:%T -- ${path} 2>/dev/null)"`,
      a.get_mime &&
        sh`if tp_has file; then tp_kv mime "$(file --mime-type --mime-encoding -- ${path} 2>/dev/null)"; fi`,
      a.get_attributes && sh`if tp_has lsattr; then tp_kv attributes "$(lsattr -vd -- ${path} 2>/dev/null)"; fi`,
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
          ...storageOf(state['blocks'] ?? ''),
          ...(checksum && { checksum }),
          ...(a.get_mime && mimeOf(state['mime'])),
          ...(a.get_attributes && attributesOf(state['attributes'])),
          ...(type === 'link' && { lnk_target: state['link'], lnk_source: state['source'] }),
        },
      },
    };
  },
});
