import { defineConverge, type Goal, type Locals, put, type Sh, sh } from '../module.ts';
import { type ArchivedFile, isReadable, readArchive } from './shared/archive.ts';
import { type Attributes, attributeArgs, hostPath, modeFault, writeArgs } from './shared/attributes.ts';
import { decryptArg } from './shared/decrypt.ts';
import { hostArchiveApply, hostArchiveProbe } from './shared/host-archive.ts';
import { namesMember } from './shared/members.ts';
import { forEachPath, markTree, setFolderModes, treeGoal, treeProbe, treeWork, unlockTree } from './shared/tree.ts';

interface Args extends Attributes {
  readonly src: string;
  readonly dest: string;
  readonly decrypt: boolean;
  readonly remote_src: boolean;
  readonly creates?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly list_files: boolean;
  readonly copy?: boolean | undefined;
  readonly keep_newer: boolean;
  readonly extra_opts?: readonly string[] | undefined;
}

export default defineConverge({
  name: 'unarchive',
  doc: 'Unpacks an archive in a folder of the host; files that are there already with the same content stay.',
  args: {
    properties: {
      src: {
        type: 'string',
        description: 'Archive of the controller: tar, also with gzip, bzip2, xz or zstd, or zip.',
      },
      dest: { type: 'string', description: 'Folder on the host; it must exist.' },
      ...decryptArg,
      remote_src: { type: 'boolean', default: false, description: 'src is on the host.' },
      copy: { type: 'boolean', description: 'The older word for remote_src: false says that src is on the host.' },
      creates: { type: 'string', description: 'When this path exists, nothing is done.' },
      include: {
        type: 'array',
        items: { type: 'string' },
        description: 'Members to unpack; shell patterns may be used.',
      },
      exclude: {
        type: 'array',
        items: { type: 'string' },
        description: 'Members to leave out; shell patterns may be used.',
      },
      list_files: { type: 'boolean', default: false, description: 'Returns the names of the members.' },
      keep_newer: {
        type: 'boolean',
        default: false,
        description: 'Files of dest that are newer than those of the archive stay as they are.',
      },
      extra_opts: {
        type: 'array',
        items: { type: 'string' },
        description:
          'Further words for the tar or unzip of the host, each an item: those that choose or rename members (--strip-components=1, --transform, --exclude, -j of unzip).',
      },
      io_buffer_size: {
        type: 'integer',
        default: 65536,
        minimum: 1,
        description: 'Of no effect: the tools of the host choose it.',
      },
      validate_certs: { type: 'boolean', default: true, description: 'Of no effect: src cannot be a URL.' },
      ...attributeArgs,
      unsafe_writes: writeArgs.unsafe_writes,
    },
    required: ['src', 'dest'],
    exclusive: [
      ['include', 'exclude'],
      ['copy', 'remote_src'],
    ],
  },
  notes: [
    'An archive with a member that is absolute, has .. in its path or goes through a link of the archive is refused before anything is written.',
    'src cannot be a URL: get_url fetches it, with a checksum, and remote_src unpacks it.',
    'Times of members are not kept, but with keep_newer.',
  ],
  examples: `
- unarchive: { src: app.tgz, dest: /opt, owner: app, creates: /opt/app/VERSION }
`,
  returns: { dest: 'the folder', src: 'the archive', files: 'members, with list_files' },

  needs: a => (isRemote(a) ? [] : [{ kind: 'file', path: a.src, decrypt: a.decrypt }]),

  check(a) {
    if (/^[a-z]+:\/\//.test(a.src))
      return 'src cannot be a URL: fetch it with get_url, then give its path with remote_src';
    const odd = oddOption(a);
    if (odd !== undefined) return `extra_opts cannot have "${odd}": it may have ${[...FLAGS, ...VALUED].join(', ')}`;
    const chooses = (a.include?.length ?? 0) + (a.exclude?.length ?? 0) > 0;
    if (chooses && (a.extra_opts ?? []).some(word => word !== ''))
      return 'include and exclude cannot come with extra_opts: names may be others by then; give --exclude as one of extra_opts';
    if ([...(a.include ?? []), ...(a.exclude ?? [])].some(p => p.includes('\n')))
      return 'a pattern cannot hold a line break';
    return modeFault(a.mode);
  },

  file: a => a,

  goal: goalOf,

  probe(a, _, local) {
    const looked = look(a, local);
    if (a.creates === undefined) return looked;
    const done = Object.entries(goalOf(a, local)).map(([key, value]) => sh`tp_kv ${[key, String(value)]}`);
    return sh.lines(sh`if [ -e ${hostPath(a.creates)} ]; then :`, ...done, sh`else`, looked, sh`fi`);
  },

  detail: a => (onHost(a) && a.list_files ? ['files'] : []),

  refuse: (_, before) => before['archive'],

  apply(a, local, before) {
    const dest = hostPath(a.dest);
    const folder = sh`[ -d ${dest} ] || tp_error ${`dest ${a.dest} is not a folder: make it first`}`;
    if (onHost(a)) return sh.lines(folder, hostArchiveApply(a, archiveWord(a, local)));
    const archive = contents(a, local);
    if ('fault' in archive) return sh`tp_error ${`${a.src} cannot be unpacked: ${archive.fault}`}`;
    const { files } = archive;
    return sh.lines(
      folder,
      unlockTree(wishes(a), files, sh`${dest}`),
      treeWork(wishes(a), files, { root: sh`${dest}`, before }),
      a.mode === undefined && setFolderModes(files, sh`${dest}`),
      a.owner === undefined && a.group === undefined && ownAsArchived(files, sh`${dest}`),
      markTree(wishes(a), files, sh`${dest}`),
    );
  },

  values(a, state, local) {
    const archive = onHost(a) || !a.list_files ? undefined : contents(a, local);
    const files = archive !== undefined && 'files' in archive ? { files: archive.files.map(f => f.path) } : {};
    const names = onHost(a) && a.list_files ? { files: (state['files'] || undefined)?.split('\n') ?? [] } : {};
    return { ...names, dest: a.dest, src: a.src, state: 'directory', ...files };
  },
});

/** Options of tar and unzip that choose or rename members; others could write elsewhere or run programs. */
const FLAGS = [
  ...['--wildcards', '--no-wildcards', '--anchored', '--no-anchored', '--ignore-case', '--no-ignore-case'],
  ...['--wildcards-match-slash', '--no-wildcards-match-slash', '--no-same-owner', '--same-owner', '--numeric-owner'],
  ...['--no-same-permissions', '--same-permissions', '--overwrite', '-j', '-o', '-q'],
];
const VALUED = ['--strip-components', '--strip', '--transform', '--xform', '--exclude'];

function oddOption({ extra_opts = [] }: Pick<Args, 'extra_opts'>): string | undefined {
  const words = extra_opts.filter(word => word !== '');
  return words.find((word, i) => {
    const name = word.replace(/=.*/s, '');
    if (VALUED.includes(name) || FLAGS.includes(word)) return false;
    return !VALUED.includes(words[i - 1] ?? '');
  });
}

function isRemote(a: Pick<Args, 'remote_src' | 'copy'>): boolean {
  return a.remote_src || a.copy === false;
}

/** Whether only the host can tell what is in it, or only its tools do what is asked for. */
function onHost(a: Args): boolean {
  return isRemote(a) || !isReadable(a.src) || a.keep_newer || (a.extra_opts ?? []).some(word => word !== '');
}

function goalOf(a: Args, local: Locals): Goal {
  if (onHost(a)) return { same: 'true' };
  const archive = contents(a, local);
  return 'fault' in archive ? { archive: 'good' } : treeGoal(wishes(a), archive.files);
}

function look(a: Args, local: Locals): Sh {
  if (onHost(a))
    return sh.lines(
      hostArchiveProbe(a, archiveWord(a, local)),
      // as tp_members found them
      a.list_files && sh`tp_kv files "$tp_members"`,
    );
  const archive = contents(a, local);
  if ('fault' in archive) return sh`tp_kv archive ${`${a.src} cannot be unpacked: ${archive.fault}`}`;
  return treeProbe(wishes(a), archive.files, sh`${hostPath(a.dest)}`);
}

function archiveWord(a: Args, local: Locals): Sh {
  if (isRemote(a)) return sh`${hostPath(a.src)}`;
  return sh`${put(bytesOf(a, local))}`;
}

function bytesOf(a: Args, local: Locals): Uint8Array {
  const file = local.get(a.src)?.files[0];
  if (file === undefined) throw new Error(`internal: ${a.src} was not read`);
  return file.bytes;
}

function contents(a: Args, local: Locals) {
  const archive = readArchive(bytesOf(a, local));
  if ('fault' in archive) return archive;
  const files = archive.files.filter(f => {
    if (a.include !== undefined && a.include.length > 0) return a.include.some(p => namesMember(p, f.path));
    return !a.exclude?.some(p => namesMember(p, f.path));
  });
  return files.length === 0 ? { fault: 'nothing in it is asked for' } : { files };
}

/** Without a mode every member has the one it has in the archive. */
function wishes(a: Args) {
  return {
    ...a,
    mode: a.mode ?? 'preserve',
    directory_mode: a.mode ?? 'preserve',
    fromModes: true,
  };
}

/** As tar when root unpacks: members belong to whom they belong to in the archive. */
function ownAsArchived(files: readonly ArchivedFile[], root: Sh): Sh {
  const key = (f: ArchivedFile) => [f.owner ?? '', f.uid ?? 0, f.group ?? '', f.gid ?? 0] as const;
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
