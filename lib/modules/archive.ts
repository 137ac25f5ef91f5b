import { defineConverge, type Goal, type Sh, type State, sh } from '../module.ts';
import { type ArchiveArgs, archiveArgs, archiveFault, isPattern } from './shared/archive-args.ts';
import { attributeGoal, hostPath, installFlags, statFlags } from './shared/attributes.ts';
import { globWord } from './shared/expand.ts';

export default defineConverge({
  name: 'archive',
  doc: 'Packs files and folders of the host into an archive on the host, or compresses one file. It is written again only where something of it differs: names, contents, modes, owners or times (of a zip names and contents).',
  args: archiveArgs,
  notes: [
    'The tools of the host do it: tar and gzip, bzip2, xz or zip and unzip. Names with line breaks are refused.',
    'Names in an archive are sorted, so that the same files make the same archive.',
  ],
  examples: `
- archive: { path: /srv/app/data, dest: /var/backups/data.tgz, mode: "0600" }
- archive: { path: [/etc/app, /etc/app.conf], dest: /root/app.zip, format: zip }
- archive: { path: /var/log/app.log.1, remove: true }
`,
  returns: {
    dest: 'path of the archive',
    dest_state:
      'archive, compress (one file), incomplete (something was missing) or absent (nothing was there to pack)',
    archived: 'paths of all that is in it',
    missing: 'paths that are not there',
    arcroot: 'the folder that names in the archive start from',
    expanded_paths: 'what path stands for',
    expanded_exclude_paths: 'what exclude_path stands for',
  },

  check: archiveFault,

  file: a => a,

  goal: (a): Goal => ({ packed: 'true', ...(a.remove && { removed: 'true' }), type: 'file', ...attributeGoal(a) }),

  probe(a, want) {
    const goal: Goal = { packed: 'true', ...(a.remove && { removed: 'true' }), type: 'file', ...attributeGoal(a) };
    const all = Object.entries(goal).filter(([, value]) => value !== undefined);
    return sh.lines(
      choose(a),
      sh`if [ -z "$tp_present" ]; then`,
      ...all.map(([key, value]) => sh`tp_kv ${[key, String(value)]}`),
      sh`else`,
      sh`  tp_pack_sum ${a.format} "$tp_kind_made" "$tp_root" "$tp_members" && tp_pack_there ${a.format} "$tp_dest" || exit`,
      sh`  if [ "$tp_packed" = "$tp_there" ]; then tp_kv packed true; else tp_kv packed false; fi`,
      a.remove && sh`  tp_kv removed false`,
      sh`  tp_stat ${statFlags(a)} "$tp_dest" ${want.filter(key => !LISTS.has(key) && key !== 'packed' && key !== 'removed')}`,
      sh`fi`,
      sh`tp_kv dest "$tp_dest"; tp_kv kind "$tp_kind_made"; tp_kv root "$tp_root"`,
      // as Ansible: of a zip the files alone are told
      a.format === 'zip' && sh`tp_members=$(tp_pack_files "$tp_root" "$tp_members")`,
      sh`tp_kv members "$tp_members"; tp_kv missing "$tp_missing"; tp_kv expanded "$tp_expanded"; tp_kv excluded "$tp_excluded"`,
      sh`tp_kv fault "$tp_fault"; tp_kv there "$(if [ -e "$tp_dest" ]; then echo true; fi)"`,
    );
  },

  refuse: (_, { fault }) => fault || undefined,

  detail: () => ['mode', 'owner', 'group', 'uid', 'gid', 'size', ...LISTS],

  apply: a =>
    sh.lines(
      choose(a),
      sh`[ ! -d "$tp_dest" ] || tp_error "$tp_dest is a directory: give the path of a file"`,
      sh`case $tp_dest in */*) tp_parent=$(dirname -- "$tp_dest") ;; *) tp_parent=. ;; esac`,
      sh`[ -d "$tp_parent/" ] || tp_error "the directory $tp_parent does not exist: make it first"`,
      a.format === 'zip' &&
        sh`[ -n "$tp_members" ] || tp_error 'there is nothing to pack, and an empty zip cannot be made'`,
      sh`tp_new "$tp_parent"; tp_made=$tp_new`,
      sh`trap 'rm -f -- "$tp_made"' EXIT`,
      sh`tp_pack ${a.format} "$tp_kind_made" "$tp_root" "$tp_members" "$tp_made"`,
      sh`tp_install ${installFlags(a)} "$tp_made" "$tp_dest"`,
      a.remove && sh`tp_each "$tp_present" rm -rf --`,
    ),

  values(a, state, _, before) {
    const { mode, owner, group, uid, gid, size } = state;
    const facts = mode
      ? { mode, owner, group, uid: Number(uid), gid: Number(gid), size: Number(size), state: 'file' }
      : {};
    const root = before['root'] ?? '';
    return {
      dest: before['dest'] ?? a.dest,
      dest_state: destState(a, before),
      archived: linesIn(before['members']).map(name => root + name),
      arcroot: root,
      missing: linesIn(before['missing']),
      expanded_paths: linesIn(before['expanded']),
      expanded_exclude_paths: linesIn(before['excluded']),
      ...facts,
    };
  },
});

/** Keys of the state that only `register` gets. */
const LISTS = new Set(['dest', 'kind', 'root', 'members', 'missing', 'expanded', 'excluded', 'there', 'fault']);

function destState(a: ArchiveArgs, before: State): string {
  const packs = (before['members'] ?? '') !== '' || before['packed'] === 'false';
  if (!packs && before['there'] !== 'true') return 'absent';
  if (before['kind'] === 'compress') return 'compress';
  return (before['missing'] ?? '') === '' ? 'archive' : 'incomplete';
}

function linesIn(text: string | undefined): readonly string[] {
  return text ? text.split('\n') : [];
}

/** Finds what is packed; sets tp_dest, and tp_kind_made to archive or compress. */
function choose(a: ArchiveArgs): Sh {
  const add = (list: string, path: string) =>
    sh`tp_pack_add ${list} ${isPattern(path) && '-g'} ${isPattern(path) ? globWord(path) : sh`${path}`} || exit`;
  const single = a.path.length === 1 && !a.path.some(isPattern);
  const mayCompress = single && !a.force_archive && a.format !== 'tar' && a.format !== 'zip';
  return sh.lines(
    sh`tp_expanded='' tp_excluded='' tp_kind_made=archive`,
    ...a.path.map(path => add('path', path)),
    ...a.exclude_path.map(path => add('exclude', path)),
    a.dest === undefined
      ? sh`[ ! -d "$tp_expanded" ] || tp_error 'dest is needed where a folder is packed' || exit
tp_dest=$tp_expanded.${a.format}`
      : sh`tp_dest=${hostPath(a.dest)}`,
    mayCompress && sh`[ -d "$tp_expanded" ] || tp_kind_made=compress`,
    sh`tp_pack_choose ${(a.exclusion_patterns ?? []).join('\n')} || exit`,
    sh`tp_pack_fault ${a.remove ? '1' : ''}`,
    sh`[ -z "$tp_present" ] || tp_pack_tools ${a.format} "$tp_kind_made" || exit`,
  );
}
