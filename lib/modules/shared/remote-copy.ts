import { type FileWishes, type Goal, type Sh, sh } from '../../module.ts';
import { attributeGoal, hostPath, installFlags, normalMode, statFlags } from './attributes.ts';
import { baseName } from './path.ts';

/** The arguments of a copy from the host to the host. */
export interface RemoteCopy extends FileWishes {
  readonly src?: string | undefined;
  readonly dest: string;
  readonly directory_mode?: string | undefined;
  readonly follow: boolean;
  readonly checksum?: string | undefined;
}

/** Whether src is a file or a folder only the host knows: `same` stands for the content, and for a folder for all. */
export function remoteGoal(a: RemoteCopy): Goal {
  return { same: 'true', ...attributeGoal(withoutPreserve(a)) };
}

/** Prints the state that remoteGoal asks for. */
export function remoteProbe(a: RemoteCopy, want: readonly string[]): Sh {
  const src = hostPath(a.src ?? '');
  const goal = remoteGoal(a);
  const rest = want.filter(key => key !== 'same');
  // all attributes of a folder's contents are part of `same`
  const wished = rest.filter(key => goal[key] !== undefined);
  const detail = sh`tp_stat "$tp_dest" ${rest.filter(key => goal[key] === undefined)}`;
  const preserved =
    a.mode === 'preserve' &&
    sh`&& tp_attrs ${src} && tp_mode=$tp_f_mode && tp_attrs "$tp_dest" && [ "$tp_mode" = "$tp_f_mode" ]`;
  return sh.lines(
    sh`[ -e ${src} ] || tp_error ${`src ${a.src} does not exist on the host`} || exit`,
    a.checksum !== undefined &&
      sh`[ -f ${src} ] || tp_error ${`checksum is for one file, and ${a.src} is none`} || exit`,
    a.checksum !== undefined && sh`tp_sum sha1 ${src} || exit`,
    a.checksum !== undefined &&
      sh`[ "$tp_sum" = ${a.checksum.toLowerCase()} ] || tp_error ${`the SHA1 of ${a.src} is`} "$tp_sum, not" ${a.checksum} || exit`,
    sh`if [ -d ${src} ]; then`,
    sh`  tp_dest=${treeRoot(a)}`,
    sh`  if tp_same_tree ${treeWords(a)}; then`,
    sh.lines(sh`tp_kv same true`, ...wished.map(key => sh`tp_kv ${key} ${String(goal[key])}`)),
    sh`  else`,
    sh.lines(sh`tp_kv same false`, ...wished.map(key => sh`tp_kv ${key} ''`)),
    sh`  fi`,
    detail,
    sh`else`,
    sh`  tp_into ${[hostPath(a.dest), baseName(a.src ?? '')]}`,
    sh`  if [ -f "$tp_dest" ] && cmp -s -- ${src} "$tp_dest" ${preserved}; then tp_kv same true; else tp_kv same false; fi`,
    sh`  tp_stat ${[a.follow && '-L', statFlags(withoutPreserve(a))]} "$tp_dest" ${rest}`,
    sh`fi`,
  );
}

/** Copies. */
export function remoteApply(a: RemoteCopy): Sh {
  const src = hostPath(a.src ?? '');
  const plain = withoutPreserve(a);
  const folder = a.dest.endsWith('/') && sh`tp_mkdir ${['', '', normalMode(a.directory_mode) ?? '', hostPath(a.dest)]}`;
  const attributes = [a.owner ?? '', a.group ?? '', normalMode(plain.mode) ?? '', normalMode(a.directory_mode) ?? ''];
  return sh.lines(
    folder,
    sh`if [ -d ${src} ]; then`,
    sh`  tp_copy_tree ${[a.mode === 'preserve' && '-p', src]} ${treeRoot(a)} ${attributes}`,
    sh`else`,
    sh`  tp_into ${[hostPath(a.dest), baseName(a.src ?? '')]}`,
    a.mode === 'preserve' && sh`  tp_attrs ${src}`,
    sh`  tp_install ${[installFlags(plain), a.follow && '-L']} ${a.mode === 'preserve' && sh`-m "$tp_f_mode"`} ${src} "$tp_dest"`,
    sh`fi`,
  );
}

function treeWords(a: RemoteCopy): Sh {
  const plain = withoutPreserve(a);
  const folder = { owner: a.owner, group: a.group, mode: a.directory_mode };
  const pair = (goal: Goal) => {
    const asked = Object.entries(goal).filter(([, value]) => value !== undefined);
    return `${asked.map(([key]) => key).join(' ')}:${asked.map(([, value]) => value).join(' ')}`;
  };
  const words = [
    pair(attributeGoal(plain)),
    pair(attributeGoal(folder)),
    statFlags(plain).join(' '),
    statFlags(folder).join(' '),
  ];
  return sh`${[a.mode === 'preserve' && '-p', hostPath(a.src ?? '')]} "$tp_dest" ${words}`;
}

function treeRoot(a: RemoteCopy): Sh {
  const dest = hostPath(a.dest.replace(/(?!^)\/+$/, ''));
  return a.src?.endsWith('/') ? sh`${dest}` : sh`${dest === '/' ? '' : dest}/${baseName(a.src ?? '')}`;
}

function withoutPreserve<A extends RemoteCopy>(a: A): A {
  return a.mode === 'preserve' ? { ...a, mode: undefined } : a;
}
