import { type Attributes, type Sh, sh } from '../../module.ts';
import { attributeGoal, hostPath, normalMode, statFlags } from './attributes.ts';
import { shownUrl } from './web-download.ts';

/** An archive that only the host's tools can read. */
export interface HostArchive extends Attributes {
  readonly src: string;
  readonly dest: string;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly keep_newer: boolean;
  readonly extra_opts?: readonly string[] | undefined;
}

/** Prints `same=true` when everything in the archive is in dest: it is unpacked aside and compared. Sets tp_packed_as. */
export function hostArchiveProbe(a: HostArchive, archive: Sh): Sh {
  const goal = Object.entries(attributeGoal(a)).filter(([, value]) => value !== undefined);
  const wish = `${goal.map(([key]) => key).join(' ')}:${goal.map(([, value]) => value).join(' ')}`;
  const flags = statFlags(a).join(' ');
  const compare = sh`if tp_same_tree ${a.mode === undefined && '-p'} "$tp_from" ${hostPath(a.dest)} ${[wish, wish, flags, flags]}; then tp_kv same true; else tp_kv same false; fi`;
  return sh.lines(
    sh`[ -f ${archive} ] || tp_error ${`src ${nameOf(a)} does not exist on the host`} || exit`,
    sh`[ -s ${archive} ] || tp_error ${`src ${nameOf(a)} is empty: it is no archive`} || exit`,
    sh`[ -d "$tp_dir" ] || mkdir -m 0700 "$tp_dir" || exit`,
    ...before(a, archive),
    sh`tp_unpacked "$tp_packed_as" ${archive} "$tp_dir" ${sh.quoted(sh.lines(chosen(a), compare))}`,
    sh`tp_rc=$?; rmdir "$tp_dir" 2>/dev/null; [ "$tp_rc" = 0 ] || exit "$tp_rc"`,
  );
}

/** Unpacks it beside and copies all of it. */
export function hostArchiveApply(a: HostArchive, archive: Sh): Sh {
  const mode = normalMode(a.mode) ?? '';
  const copy = sh`tp_copy_tree ${a.mode === undefined && '-p'} "$tp_from" ${hostPath(a.dest)} ${[a.owner ?? '', a.group ?? '', mode, mode]}`;
  // what is newer is told by the times of the archive: they are kept for the next run
  const times = a.keep_newer && sh`tp_times_as "$tp_from" ${hostPath(a.dest)}`;
  return sh.lines(
    ...before(a, archive),
    sh`tp_unpacked "$tp_packed_as" ${archive} ${hostPath(a.dest)} ${sh.quoted(sh.lines(chosen(a), sh`${copy} || exit`, times))}`,
  );
}

/** Looks at the names before anything is unpacked, and says how it is to be done. */
function before(a: HostArchive, archive: Sh): readonly Sh[] {
  const words = (a.extra_opts ?? []).filter(word => word !== '');
  return [
    sh`tp_archive_kind ${[archive, kindOf(a.src)]}`,
    sh`tp_members "$tp_packed_as" ${archive} ${nameOf(a)} || exit`,
    sh`tp_unpack_words=${sh.quoted(sh`${words}`)} tp_unpack_times=${a.keep_newer ? 'kept' : ''}`,
  ];
}

/** Leaves of what was unpacked aside only what dest shall get. */
function chosen(a: HostArchive): Sh {
  const patterns = (list: readonly string[] | undefined) =>
    (list ?? []).map(p => p.replace(/^\.\//, '').replace(/\/+$/, '')).join('\n');
  const some = (a.include?.length ?? 0) + (a.exclude?.length ?? 0) > 0;
  return sh.lines(
    some && sh`tp_choose ${[patterns(a.include), patterns(a.exclude)]} || exit`,
    a.keep_newer && sh`tp_drop_older ${hostPath(a.dest)} || exit`,
  );
}

/** What messages call it: an address without what may be secret in it. */
function nameOf(a: HostArchive): string {
  return a.src.includes('://') ? shownUrl(a.src) : a.src;
}

/** The kind of an archive, by its name, as tp_extract calls it. */
export function kindOf(source: string): string {
  const name = source.includes('://') ? source.replace(/[?#].*/s, '') : source;
  if (/\.(tar\.gz|tgz)$/i.test(name)) return 'tgz';
  if (/\.(tar\.bz2|tbz2?)$/i.test(name)) return 'tbz';
  if (/\.(tar\.xz|txz)$/i.test(name)) return 'txz';
  if (/\.(tar\.zst|tzst)$/i.test(name)) return 'tzst';
  return /\.(zip|jar|war)$/i.test(name) ? 'zip' : 'tar';
}
