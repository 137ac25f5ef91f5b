import type { Values } from '../../module.ts';

/** Numbers and names of a file as a host tells them. */
export interface StatNumbers {
  readonly kind: 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'block' | 'char';
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly nlink: number;
  readonly inode: number;
  readonly dev: number;
  readonly owner: string;
  readonly group: string;
}

/** What Ansible's stat and find tell of a file, by its names. */
export function statInfo(path: string, s: StatNumbers): Values {
  const bit = (mask: number) => (s.mode & mask) !== 0;
  return {
    path,
    mode: s.mode.toString(8).padStart(4, '0'),
    isdir: s.kind === 'directory',
    ischr: s.kind === 'char',
    isblk: s.kind === 'block',
    isreg: s.kind === 'file',
    isfifo: s.kind === 'fifo',
    islnk: s.kind === 'link',
    issock: s.kind === 'socket',
    uid: s.uid,
    gid: s.gid,
    pw_name: s.owner,
    gr_name: s.group,
    size: s.size,
    inode: s.inode,
    dev: s.dev,
    nlink: s.nlink,
    atime: s.atime,
    mtime: s.mtime,
    ctime: s.ctime,
    wusr: bit(0o200),
    rusr: bit(0o400),
    xusr: bit(0o100),
    wgrp: bit(0o020),
    rgrp: bit(0o040),
    xgrp: bit(0o010),
    woth: bit(0o002),
    roth: bit(0o004),
    xoth: bit(0o001),
    isuid: bit(0o4000),
    isgid: bit(0o2000),
  };
}

const KINDS = { 1: 'fifo', 2: 'char', 4: 'directory', 6: 'block', 8: 'file', 10: 'link', 12: 'socket' } as const;

/** Reads `MODE_IN_HEX:uid:gid:size:atime:mtime:ctime:nlink:inode:dev:owner:group`. */
export function parseStatLine(line: string): StatNumbers | undefined {
  const [hex, ...rest] = line.split(':');
  const raw = Number.parseInt(hex ?? '', 16);
  const kind = KINDS[(raw >> 12) as keyof typeof KINDS];
  if (kind === undefined || rest.length !== 11) return undefined;
  const [uid, gid, size, atime, mtime, ctime, nlink, inode, dev] = rest.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number, // the names are NaN and not taken here
  ];
  const [owner = '', group = ''] = rest.slice(9);
  return { kind, mode: raw & 0o7777, uid, gid, size, atime, mtime, ctime, nlink, inode, dev, owner, group };
}
