import { type Sh, sh } from '../../module.ts';
import { hasMarks, hostPath } from './attributes.ts';
import type { FileArgs } from './file-args.ts';

/** Sets the attributes of a link itself; a link has no mode of its own. */
export function unfollowed(a: FileArgs): Sh {
  const path = hostPath(a.path);
  const owner = a.owner || a.group ? `${a.owner ?? ''}${a.group ? `:${a.group}` : ''}` : undefined;
  return sh.lines(
    owner !== undefined && sh`chown -h -- ${owner} ${path}`,
    hasMarks(a) && sh`tp_mark context ${[path, path]}`,
  );
}

export function makeLink(a: FileArgs): Sh {
  const path = hostPath(a.path);
  const other = sh`[ -L ${path} ] || [ ! -e ${path} ]`;
  return sh.lines(
    // an empty directory may be replaced by force; ln would make the link inside of it
    a.force ? sh`[ -L ${path} ] || [ ! -d ${path} ] || rmdir -- ${path}` : sh`${other} || tp_error ${inTheWay(a)}`,
    !a.force && sh`[ -e ${sourcePath(a)} ] || tp_error ${noSource(a)}`,
    sh`ln -sfn -- ${a.src} ${path}`,
  );
}

export function makeHardLink(a: FileArgs): Sh {
  const path = hostPath(a.path);
  const src = sourcePath(a);
  return sh.lines(
    sh`[ -e ${src} ] || tp_error ${noSource(a)}`,
    !a.force && sh`[ ! -e ${path} ] || tp_error ${inTheWay(a)}`,
    sh`ln -f -- ${src} ${path}`,
  );
}

export function inTheWay(a: FileArgs): string {
  return `${a.path} is something else: use force to put a link in its place`;
}

export function noSource(a: FileArgs): string {
  return `src ${a.src} does not exist${a.state === 'link' ? ': use force to make the link all the same' : ''}`;
}

/** As Ansible: a relative src of a link is seen from the link's folder, that of a hard link from the working folder. */
export function sourcePath(a: FileArgs): string {
  const src = a.src ?? '';
  const folder = a.path.includes('/') ? a.path.slice(0, a.path.lastIndexOf('/') + 1) : '';
  return hostPath(src.startsWith('/') || a.state === 'hard' ? src : folder + src);
}

export function sourceExists(a: FileArgs): Sh {
  return sh`if [ -e ${sourcePath(a)} ]; then tp_kv src_exists true; else tp_kv src_exists false; fi`;
}
