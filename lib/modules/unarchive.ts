import { defineConverge, type Goal, type LocalArchive, type LocalFile, type Locals, type Sh, sh } from '../module.ts';
import { archiveDownload, archiveDownloadLook, archiveRelay, DOWNLOADED } from './shared/archive-url.ts';
import { hostPath } from './shared/attributes.ts';
import { hostArchiveApply, hostArchiveProbe } from './shared/host-archive.ts';
import { namesMember } from './shared/members.ts';
import { forEachPath, markTree, setFolderModes, treeGoal, treeProbe, treeWork, unlockTree } from './shared/tree.ts';
import { isAddress, isRemote, type UnarchiveArgs, unarchiveArgs, unarchiveFault } from './shared/unarchive-args.ts';

export default defineConverge({
  name: 'unarchive',
  doc: 'Unpacks an archive in a folder of the host; files that are there already with the same content stay.',
  args: unarchiveArgs,
  notes: [
    'An archive with a member that is absolute, has .. in its path or goes through a link of the archive is refused before anything is written.',
    'An archive with an address is downloaded by curl or wget of the host, else by the controller through the connection to it, each time that it is compared; get_url downloads it once, with a checksum, a login or headers.',
    'Times of members are not kept, but with keep_newer.',
  ],
  examples: `
- unarchive: { src: app.tgz, dest: /opt, owner: app, creates: /opt/app/VERSION }
- unarchive: { src: "https://example.org/app-1.2.tar.xz", dest: /opt, remote_src: true }
`,
  returns: {
    dest: 'the folder',
    src: 'the archive',
    files: 'members, with list_files',
    handler: 'what it is: TgzArchive, ZipArchive or TarArchive (any other tar)',
    state: 'directory',
    mode: 'four octal digits, of the folder',
    owner: 'name of its owner',
    group: 'name of its group',
    uid: 'number of its owner',
    gid: 'number of its group',
    size: 'bytes of the folder itself',
  },

  needs: a => (isRemote(a) ? [] : [{ kind: 'archive', path: a.src, decrypt: a.decrypt }]),

  check: unarchiveFault,

  file: a => a,

  goal: goalOf,

  probe(a, _, local) {
    const looked = isAddress(a) ? archiveDownloadLook(a, local, look(a, local)) : look(a, local);
    const folder = sh`tp_stat ${[hostPath(a.dest), FOLDER]}`;
    if (a.creates === undefined) return sh.lines(looked, folder);
    const done = Object.entries(goalOf(a, local)).map(([key, value]) => sh`tp_kv ${[key, String(value)]}`);
    return sh.lines(sh`if [ -e ${hostPath(a.creates)} ]; then :`, ...done, sh`else`, looked, sh`fi`, folder);
  },

  detail: a => ['handler', ...(a.list_files ? ['files'] : []), ...FOLDER],

  refuse: (_, before) => before['archive'],

  apply(a, local, before) {
    const dest = hostPath(a.dest);
    const folder = sh`[ -d ${dest} ] || tp_error ${`dest ${a.dest} is not a folder: make it first`}`;
    if (onHost(a, local))
      return sh.lines(folder, isAddress(a) && archiveDownload(a, local), hostArchiveApply(a, archiveWord(a, local)));
    const archive = contents(a, local);
    if ('fault' in archive) return sh`tp_error ${`${a.src} cannot be unpacked: ${archive.fault}`}`;
    const { files } = archive;
    const { kind, content } = archiveOf(a, local);
    return sh.lines(
      folder,
      unlockTree(wishes(a), files, sh`${dest}`),
      treeWork(wishes(a), files, { root: sh`${dest}`, before, whole: kind === 'tgz' ? { kind, content } : undefined }),
      a.mode === undefined && setFolderModes(files, sh`${dest}`),
      a.owner === undefined && a.group === undefined && ownAsArchived(files, sh`${dest}`),
      markTree(wishes(a), files, sh`${dest}`),
    );
  },

  values(a, state, local) {
    const archive = onHost(a, local) || !a.list_files ? undefined : contents(a, local);
    const files = archive !== undefined && 'files' in archive ? { files: archive.files.map(f => f.path) } : {};
    const names = onHost(a, local) && a.list_files ? { files: (state['files'] || undefined)?.split('\n') ?? [] } : {};
    const handler = onHost(a, local) ? state['handler'] : HANDLERS[archiveOf(a, local).kind];
    const { mode, owner, group, uid, gid, size } = state;
    const folder = mode ? { mode, owner, group, uid: Number(uid), gid: Number(gid), size: Number(size) } : {};
    return { ...names, dest: a.dest, src: a.src, state: 'directory', ...(handler && { handler }), ...folder, ...files };
  },

  relay: a => archiveRelay(a),
});

/** What is returned of dest. */
const FOLDER = ['mode', 'owner', 'group', 'uid', 'gid', 'size'];

/** Ansible's names of what unpacks; it knows the rest as a tar alone. */
const HANDLERS: Readonly<Record<string, string>> = { tgz: 'TgzArchive', zip: 'ZipArchive', tar: 'TarArchive' };

/** Whether only the host can tell what is in it, or only its tools do what is asked for. */
function onHost(a: UnarchiveArgs, local: Locals): boolean {
  if (isRemote(a) || a.keep_newer || (a.extra_opts ?? []).some(word => word !== '')) return true;
  return archiveOf(a, local).members === undefined;
}

function goalOf(a: UnarchiveArgs, local: Locals): Goal {
  if (onHost(a, local)) return { same: 'true' };
  const archive = contents(a, local);
  // with creates the probe says that all is as wanted, and must know what that is
  return 'fault' in archive ? { archive: 'good' } : treeGoal(wishes(a), archive.files, a.creates !== undefined);
}

function look(a: UnarchiveArgs, local: Locals): Sh {
  if (onHost(a, local))
    return sh.lines(
      hostArchiveProbe(a, archiveWord(a, local)),
      // as tp_members found them
      a.list_files && sh`tp_kv files "$tp_members"`,
      sh`case $tp_packed_as in tgz) tp_kv handler TgzArchive ;; zip) tp_kv handler ZipArchive ;; *) tp_kv handler TarArchive ;; esac`,
    );
  const archive = contents(a, local);
  if ('fault' in archive) return sh`tp_kv archive ${`${a.src} cannot be unpacked: ${archive.fault}`}`;
  return treeProbe(wishes(a), archive.files, sh`${hostPath(a.dest)}`);
}

function archiveWord(a: UnarchiveArgs, local: Locals): Sh {
  if (isAddress(a)) return DOWNLOADED;
  if (isRemote(a)) return sh`${hostPath(a.src)}`;
  return sh`${archiveOf(a, local).word}`;
}

function archiveOf(a: UnarchiveArgs, local: Locals): LocalArchive {
  const archive = local.get(a.src)?.archive;
  if (archive === undefined) throw new Error(`internal: ${a.src} was not read`);
  return archive;
}

function contents(a: UnarchiveArgs, local: Locals) {
  const archive = archiveOf(a, local).members ?? { files: [] };
  if ('fault' in archive) return archive;
  const files = archive.files.filter(f => {
    if (a.include !== undefined && a.include.length > 0) return a.include.some(p => namesMember(p, f.path));
    return !a.exclude?.some(p => namesMember(p, f.path));
  });
  return files.length === 0 ? { fault: 'nothing in it is asked for' } : { files };
}

/** Without a mode every member has the one it has in the archive. */
function wishes(a: UnarchiveArgs) {
  return {
    ...a,
    mode: a.mode ?? 'preserve',
    directory_mode: a.mode ?? 'preserve',
    fromModes: true,
  };
}

/** As tar when root unpacks: members belong to whom they belong to in the archive. */
function ownAsArchived(files: readonly LocalFile[], root: Sh): Sh {
  const key = (f: LocalFile) => [f.owner ?? '', f.uid ?? 0, f.group ?? '', f.gid ?? 0] as const;
  const known = files.filter(f => f.uid !== undefined);
  const owners = new Map(known.map(f => [JSON.stringify(key(f)), key(f)]));
  const calls = [...owners].map(([id, words]) =>
    forEachPath(
      sh`tp_own ${words}`,
      known.filter(f => JSON.stringify(key(f)) === id),
      root,
    ),
  );
  return sh.lines(...calls);
}
