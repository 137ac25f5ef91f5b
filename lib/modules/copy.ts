import {
  defineConverge,
  type FileWishes,
  feed,
  type Goal,
  type LocalFile,
  type Locals,
  type Sh,
  type State,
  sh,
} from '../module.ts';
import {
  attributeGoal,
  hostPath,
  installFlags,
  modeFault,
  normalMode,
  setAttributes,
  statFlags,
  validateFault,
  writeArgs,
} from './shared/attributes.ts';
import { decryptArg } from './shared/decrypt.ts';
import { encodingOf } from './shared/encoding.ts';
import { baseName } from './shared/path.ts';
import { pythonText } from './shared/python-json.ts';
import { remoteApply, remoteGoal, remoteProbe } from './shared/remote-copy.ts';
import { checksum } from './shared/sums.ts';
import { treeApply, treeGoal, treeProbe } from './shared/tree.ts';

interface Args extends FileWishes {
  readonly src?: string | undefined;
  readonly content?: unknown;
  readonly dest: string;
  readonly directory_mode?: string | undefined;
  readonly checksum?: string | undefined;
  readonly force: boolean;
  readonly remote_src: boolean;
  readonly follow: boolean;
  readonly local_follow: boolean;
  readonly decrypt: boolean;
  readonly _original_basename?: string | undefined;
  readonly _encoding?: string | undefined;
}

export default defineConverge({
  name: 'copy',
  doc: 'Copies a file or folder, or the text of `content`, to the host.',
  args: {
    properties: {
      src: {
        type: 'string',
        path: 'remote_src',
        description: 'File or folder of the controller; a folder ending in / means what is in it.',
      },
      content: {
        type: 'any',
        json: true,
        description: 'Content of the file instead of src; lists and mappings become JSON.',
      },
      dest: {
        type: 'string',
        path: true,
        description: 'Path on the host; ending in /, or a folder that exists: a name in it.',
      },
      ...writeArgs,
      mode: { ...writeArgs.mode, description: 'Permissions as of the file module, or preserve: those of src.' },
      directory_mode: { type: 'string', mode: true, description: 'Permissions of the folders when src is a folder.' },
      checksum: {
        type: 'string',
        pattern: '^[0-9a-fA-F]{40}$',
        description: 'SHA1 that the source must have; with another nothing is copied.',
      },
      force: { type: 'boolean', default: true, description: 'When false, a file that exists is left as it is.' },
      remote_src: { type: 'boolean', default: false, description: 'src is on the host.' },
      follow: { type: 'boolean', default: false, description: 'When dest is a link, writes what it leads to.' },
      local_follow: { type: 'boolean', default: true, description: 'Copies what links in src lead to.' },
      ...decryptArg,
      _original_basename: { type: 'string', description: 'Name in a folder for content (used by template).' },
      _encoding: { type: 'string', description: 'Encoding of content (used by template).' },
    },
    required: ['dest'],
    exclusive: [['src', 'content']],
    oneOf: [['src', 'content']],
  },
  examples: `
- copy: { src: app.conf, dest: /etc/app.conf, owner: root, mode: "0644" }
- copy: { src: site/, dest: /srv/www, mode: "0644", directory_mode: "0755" }
- copy: { content: "{{ users }}", dest: /etc/app/users.json, mode: "0600" }
`,
  returns: {
    dest: 'path of what was written',
    src: 'the source',
    checksum: 'SHA1 of the file',
    md5sum: 'MD5 of the file, where it has less than 1 MiB',
    mode: 'four octal digits',
    owner: 'name of the owner',
    group: 'name of the group',
    uid: 'number of the owner',
    gid: 'number of the group',
    size: 'bytes',
    state: 'file or directory',
    backup_file: 'path of the backup, when one was made',
  },

  needs: a =>
    a.src === undefined || a.remote_src
      ? []
      : [{ kind: 'tree', path: a.src, follow: a.local_follow, decrypt: a.decrypt }],

  check(a) {
    if (a.content !== undefined && a.remote_src) return 'content cannot come with remote_src';
    if (a.content !== undefined && a.dest.endsWith('/') && a._original_basename === undefined)
      return 'dest must be the path of a file when content is given, and this one ends in "/"';
    if (a.mode === 'preserve' && a.src === undefined) return 'mode preserve needs src';
    return (
      (a.mode === 'preserve' ? undefined : modeFault(a.mode)) ??
      modeFault(a.directory_mode) ??
      validateFault(a.validate)
    );
  },

  file: a => a,

  goal(a, local): Goal {
    if (otherSource(a, local) !== undefined) return { source: 'the one asked for' };
    if (a.remote_src) return a.force ? remoteGoal(a) : { exists: 'true' };
    if (isTree(a, local)) return treeGoal(a, filesOf(a, local));
    if (!a.force) return { exists: 'true' };
    const attributes = attributeGoal(preserved(a, local));
    const large = largeOf(a, local);
    // by the checksum that is returned too: to read it once is enough
    if (large !== undefined) return { type: 'file', size: large.size, sha1: large.sum('sha1'), ...attributes };
    return { type: 'file', sha256: checksum('sha256', body(a, local)), ...attributes };
  },

  probe(a, want, local) {
    const other = otherSource(a, local);
    if (other !== undefined) return sh`tp_kv source ${other}`;
    if (a.remote_src) return remoteProbe(a, want);
    if (isTree(a, local)) return treeProbe(a, filesOf(a, local), treeRoot(a));
    return sh`tp_into ${[hostPath(a.dest), nameIn(a)]}; tp_stat ${[a.follow && '-L', statFlags(preserved(a, local))]} "$tp_dest" ${want}`;
  },

  detail: a => [
    ...['type', 'path', 'mode', 'owner', 'group', 'uid', 'gid', 'size'],
    ...(a.backup ? ['backup_file'] : []),
  ],

  refuse(a, before) {
    if (before['source'] !== undefined) return before['source'];
    const type = before['type'];
    if (a.content !== undefined && type === 'directory')
      return `${a.dest} is a directory: content needs the path of a file`;
    if (type !== undefined && !['file', 'link', 'absent', 'directory'].includes(type))
      return `${a.dest} is a ${type}, not a file`;
    return undefined;
  },

  apply(a, local, before) {
    const other = otherSource(a, local);
    if (other !== undefined) return sh`tp_error ${other}`;
    if (a.remote_src) return remoteApply(a);
    if (isTree(a, local)) return treeApply(a, filesOf(a, local), { root: treeRoot(a), before });
    const folder =
      a.dest.endsWith('/') && sh`tp_mkdir ${['', '', normalMode(a.directory_mode) ?? '', hostPath(a.dest)]}`;
    const flags = installFlags(preserved(a, local));
    const into = sh`tp_into ${[hostPath(a.dest), nameIn(a)]}`;
    const attributes = setAttributes(preserved(a, local));
    if (isThere(a, local, before)) return sh.lines(into, attributes && sh`${attributes} "$tp_dest"`);
    const content = feed(largeOf(a, local) ?? bytesOf(a, local));
    return sh.lines(folder, into, sh`tp_install ${[flags, a.follow && '-L', content]} "$tp_dest"`);
  },

  text(a, local) {
    if (a.remote_src || isTree(a, local) || largeOf(a, local) !== undefined) return undefined;
    const bytes = bytesOf(a, local);
    const text = bytes.toString('utf8');
    if (text.includes('\0') || !Buffer.from(text).equals(bytes)) return undefined;
    return { path: a.dest.endsWith('/') ? a.dest + nameIn(a) : a.dest, text };
  },

  values(a, state, local) {
    const src = a.src === undefined ? {} : { src: a.src };
    if (a.remote_src || isTree(a, local)) return { dest: state['path'] ?? a.dest, ...src };
    const { path, mode, owner, group, uid, gid, size, backup_file, type } = state;
    const large = largeOf(a, local);
    const sums =
      large === undefined
        ? { checksum: checksum('sha1', body(a, local)), md5sum: checksum('md5', body(a, local)) }
        : { checksum: large.sum('sha1').known };
    return {
      dest: path ?? a.dest,
      ...src,
      ...sums,
      ...(mode ? { mode, owner, group, uid: Number(uid), gid: Number(gid), size: Number(size) } : {}),
      state: type ?? 'file',
      ...(backup_file ? { backup_file } : {}),
    };
  },
});

/** Why what is to be copied is not what the checksum says, as a sentence; of what is on the host the host tells. */
function otherSource(a: Args, local: Locals): string | undefined {
  if (a.checksum === undefined || a.remote_src) return undefined;
  if (isTree(a, local)) return `checksum is for one file, and ${a.src} is a folder`;
  const is = largeOf(a, local)?.sumNow('sha1') ?? checksum('sha1', body(a, local));
  return is === a.checksum.toLowerCase() ? undefined : `the SHA1 of ${a.src ?? 'content'} is ${is}, not ${a.checksum}`;
}

function source(a: Args, local: Locals) {
  const data = a.src === undefined ? undefined : local.get(a.src);
  if (data === undefined) throw new Error(`internal: ${a.src} was not read`);
  return data;
}

function isTree(a: Args, local: Locals): boolean {
  return a.src !== undefined && !source(a, local).files.some(f => f.path === '' && f.type !== 'directory');
}

/** The file, or the folder itself and all below. */
function filesOf(a: Args, local: Locals): readonly LocalFile[] {
  const { files } = source(a, local);
  const itself: LocalFile = { path: '', type: 'directory', mode: 0o755, bytes: new Uint8Array() };
  return files.some(f => f.path === '') ? files : [itself, ...files];
}

/** As Ansible: `src: dir` makes dest/dir, `src: dir/` fills dest. */
function treeRoot(a: Args): Sh {
  const dest = hostPath(a.dest.replace(/(?!^)\/+$/, ''));
  return a.src?.endsWith('/') ? sh`${dest}` : sh`${dest === '/' ? '' : dest}/${baseName(a.src ?? '')}`;
}

function body(a: Args, local: Locals): Uint8Array | string {
  if (a.src === undefined) return encodingOf(a._encoding ?? 'utf-8')?.encode(pythonText(a.content)) ?? '';
  return filesOf(a, local)[0]?.bytes ?? new Uint8Array();
}

/** The file where it is too large for the memory. */
function largeOf(a: Args, local: Locals) {
  return a.src === undefined || a.remote_src ? undefined : filesOf(a, local)[0]?.large;
}

function bytesOf(a: Args, local: Locals): Buffer {
  return Buffer.from(body(a, local));
}

/** Whether the content is there already, and only its attributes are others. */
function isThere(a: Args, local: Locals, before: State | undefined): boolean {
  if (before?.['type'] !== 'file' || !a.force) return false;
  const large = largeOf(a, local);
  if (large !== undefined) return before['sha1'] === large.sum('sha1').known;
  return before['sha256'] === checksum('sha256', body(a, local));
}

/** The name that a file gets in a folder. */
function nameIn(a: Args): string {
  return a._original_basename ?? baseName(a.src ?? '');
}

function preserved(a: Args, local: Locals): Args {
  if (a.mode !== 'preserve') return a;
  const mode = filesOf(a, local)[0]?.mode ?? 0o644;
  return { ...a, mode: `0${(mode & 0o777).toString(8).padStart(3, '0')}` };
}
